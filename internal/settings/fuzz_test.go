package settings

import (
	"testing"
	"time"
)

// Whatever settings contain, reading them takes little time.
func FuzzRead(f *testing.F) {
	for _, source := range []string{
		"from .base import *\nINSTALLED_APPS += ['a']\n", "import os\nA = os.environ['A']\nos.environ['B'] = 'c'\n",
		"import environ\nenv = environ.Env()\nenv.read_env(env.path('x'))\nD = env.db()\n",
		"STATIC_ROOT = Path(__file__).resolve().parent.parent / 'a'\n",
		"STATIC_ROOT = os.path.join(os.path.dirname(), 'a')\n",
		"from ..... import x\nfrom . import *\nimport shop.settings.settings\n",
		"A.append()\nA = ['b']\nA.insert(0)\nA.extend()\n",
	} {
		f.Add(source, source)
	}
	f.Fuzz(func(t *testing.T, settings, base string) {
		begin := time.Now()
		s := staticOf(settings, "shop/base.py", base, "shop/.env", base)
		for _, v := range s.Variables {
			if v.Line < 1 || v.File == "" {
				t.Errorf("got %+v", v)
			}
		}
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("%d bytes take %s", len(settings)+len(base), took)
		}
	})
}
