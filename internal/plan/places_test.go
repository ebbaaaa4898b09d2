package plan

import "testing"

func TestShown(t *testing.T) {
	for want, argv := range map[string][]string{
		"uv venv --python python3 venv": {"uv", "venv", "--python", "/layers/x/python/bin/python3",
			"/layers/x/venv"},
		"uv pip install -c constraints.txt": {"uv", "pip", "install", "-c", "/layers/x/private/pip/constraints.txt"},
		"bash bin/pre_compile /workspace":   {"bash", "bin/pre_compile", "/workspace"},
		"python manage.py x venv/y":         {"python", "manage.py", "x", "venv/y"},
	} {
		if got := Shown(argv); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
