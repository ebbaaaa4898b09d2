package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const canary = "c4n4ry"

func TestAReducedConfigHasNoCredentials(t *testing.T) {
	for name, c := range map[string]struct {
		config, want string
		whole        bool // nothing is cut
	}{
		"a fresh clone": {
			"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n[remote \"origin\"]\n" +
				"\turl = https://git.example.com/x.git\n" +
				"\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\tremote = origin\n" +
				"\tmerge = refs/heads/main\n",
			"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n[remote \"origin\"]\n" +
				"\turl = https://git.example.com/x.git\n" +
				"\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\tremote = origin\n" +
				"\tmerge = refs/heads/main\n",
			true,
		},
		"actions/checkout": {
			"[remote \"origin\"]\n\turl = https://github.example.com/o/r\n[http \"https://github.example.com/\"]\n" +
				"\textraheader = AUTHORIZATION: basic c4n4ry\n",
			"[remote \"origin\"]\n\turl = https://github.example.com/o/r\n", false,
		},
		"GitLab": {"[remote \"origin\"]\nurl = https://gitlab-ci-token:c4n4ry@gl.example.com/x.git",
			"[remote \"origin\"]\n\turl = https://gl.example.com/x.git\n", false},
		"a query": {"[remote \"o\"]\nurl = https://h/x.git?private_token=c4n4ry#c4n4ry",
			"[remote \"o\"]\n\turl = https://h/x.git\n", false},
		"two at signs": {"[remote \"o\"]\nurl = https://u:c4n4ry@c4n4ry@h/x.git",
			"[remote \"o\"]\n\turl = https://h/x.git\n", false},
		"no URL": {"[remote \"o\"]\nurl = https://u:c4n4ry/w@h/x.git", "", false},
		"scp":    {"[remote \"o\"]\nurl = c4n4ry@h:x.git", "[remote \"o\"]\n\turl = h:x.git\n", false},
		"a path": {"[remote \"o\"]\nurl = ../x.git", "[remote \"o\"]\n\turl = ../x.git\n", true},
		"a program": {"[remote \"o\"]\nurl = ext::sh -c c4n4ry\n[remote \"p\"]\nurl = foo::https://c4n4ry@h/", "",
			false},
		"a push URL": {"[remote \"o\"]\npushurl = https://c4n4ry@h/\nproxy = http://c4n4ry@h/", "", false},
		"a branch of a URL": {"[branch \"b\"]\nremote = https://c4n4ry@h/x\npushRemote = https://c4n4ry@h/x",
			"[branch \"b\"]\n\tremote = https://h/x\n", false},
		"a URL for a name": {"[remote \"https://c4n4ry@h/\"]\nfetch = x", "", false},
		"a URL elsewhere":  {"[remote \"o\"]\nfetch = https://c4n4ry@h/", "", false},
		"programs of core": {
			"[core]\nsshCommand = ssh -i c4n4ry\nfsmonitor = c4n4ry\nhooksPath = c4n4ry\naskPass = c4n4ry\nbare = false",
			"[core]\n\tbare = false\n", false,
		},
		"other sections": {
			"[include]\npath = c4n4ry\n[includeIf \"gitdir:x\"]\npath = c4n4ry\n[credential]\nhelper = c4n4ry\n" +
				"[url \"https://c4n4ry@h/\"]\ninsteadOf = x\n[lfs]\nurl = c4n4ry", "", false,
		},
		"capitals": {"[CORE]\nBARE = true\n[CREDENTIAL]\nHELPER = c4n4ry", "[core]\n\tbare = true\n", false},
		"one line": {"[core] bare = true ; c4n4ry\n[remote \"o\"] url = x # c4n4ry",
			"[core]\n\tbare = true\n[remote \"o\"]\n\turl = x\n", true},
		"the old kind":     {"[remote.Origin]\nurl = x", "[remote \"origin\"]\n\turl = x\n", true},
		"a key alone":      {"[core]\nbare\n", "[core]\n\tbare\n", true},
		"a continued line": {"[remote \"o\"]\nurl = a\\\nb\n", "[remote \"o\"]\n\turl = ab\n", true},
		"quotes": {"[remote \"a\\\"\\\\b\"]\nurl = \"a;b #\" c \\\"\n",
			"[remote \"a\\\"\\\\b\"]\n\turl = \"a;b # c \\\"\"\n", true},
		"a hidden section":     {"[remote \"o\"]\nurl = a\\n[http]\\nextraheader=c4n4ry\n", "", false},
		"a hidden section, 2":  {"[remote \"o]\n[http\"]\nextraheader = c4n4ry", "", false},
		"not a config":         {"c4n4ry", "", false},
		"an unfinished header": {"[core]\nbare = true\n[remote \"c4n4ry", "[core]\n\tbare = true\n", false},
		"a wrong escape":       {"[core]\nbare = true\neol = \\c4n4ry", "[core]\n\tbare = true\n", false},
		"Windows line endings": {"[core]\r\n\tbare = true\r\n", "[core]\n\tbare = true\n", true},
		"nothing":              {"", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			got, cut := Reduce(c.config)
			if diff := cmp.Diff(c.want, got); diff != "" || cut == c.whole {
				t.Errorf("cut %v, want %v (-want +got):\n%s", cut, !c.whole, diff)
			}
			if strings.Contains(got, canary) {
				t.Error("the credential is left")
			}
			if again, cut := Reduce(got); again != got || cut {
				t.Errorf("reduced once more, cut %v: %s", cut, again)
			}
		})
	}
}

// Git reads the same settings in a config as we do, and finds in a reduced one no others.
func TestGitReadsAConfigAsWeDo(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	read := func(config string) (string, error) {
		file := filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("git", "config", "--file", file, "--no-includes", "--null", "--list").Output()
		return string(out), err
	}
	for _, config := range []string{
		"[a \"b c\"]\n\tk = v\nl\n", "[a]k=v # c\n[a.B]\nK = \"x ; y\"z  \n", "[a]\nk = a\\\n  b \\\n",
		"[a]\nk = \"a\\tb\\n\\\"\\\\\"\n",
		"[a]\nk = \"open\n", "[a]\nk = \\x\n", "k = v\n", "[a\nk = v\n", "[a \"b\nc\"]\nk=v\n", "[a]\nk v\n",
		"[a]\n# [b]\nk =\n", "[a \"\"]\nk = v\n",
		"[a]\nk=x\"\"y \t\n", "[a]\n\tk = one\\\n# two\n", "\ufeff[a]\nk = v\n", "[a]\r\nk = v\r\n",
		"[A \"B\\\\\\\"C\"]\nk = v", "[a] [b] k = v\n", "[a]\nk = v;c\n", "[a]\nk = \"v\"\"w\" #c",
	} {
		want, err := read(config)
		var got strings.Builder
		entries, ok := parse(config)
		for _, e := range entries {
			name := strings.TrimPrefix(e.section+"."+e.key, ".")
			if e.subsection != "" || strings.Contains(config, `""]`) {
				name = e.section + "." + e.subsection + "." + e.key
			}
			got.WriteString(name)
			if !e.bare {
				got.WriteString("\n" + e.value)
			}
			got.WriteString("\x00")
		}
		if ok != (err == nil) || ok && got.String() != want {
			t.Errorf("%q: %q, %v, git reads %q, %v", config, got.String(), ok, want, err)
		}
		reduced, _ := Reduce(config)
		if _, err := read(reduced); err != nil {
			t.Errorf("git refuses %q: %v", reduced, err)
		}
	}
}

func FuzzReduce(f *testing.F) {
	f.Add("[core]\nbare = true\n[remote \"o\"]\nurl = https://u:p@h/x?y\n")
	f.Fuzz(func(t *testing.T, config string) {
		reduced, _ := Reduce(config)
		if again, cut := Reduce(reduced); again != reduced || cut {
			t.Errorf("%q becomes %q and then %q, cut %v", config, reduced, again, cut)
		}
	})
}
