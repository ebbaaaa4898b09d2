package npmfeed

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sum is any valid digest.
const sum = "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA="

func TestRead(t *testing.T) {
	const from = "https://packages.example.com/"
	for name, c := range map[string]struct {
		lock string
		want []Archive
	}{
		"a package, twice, and not the app itself": {
			`{"packages": {"": {"resolved": "https://packages.example.com/app", "integrity": "` + sum + `"},
			  "node_modules/a": {"resolved": "https://packages.example.com/a", "integrity": "` + sum + `"},
			  "node_modules/b/node_modules/a": {"resolved": "https://packages.example.com/a", "integrity": "` + sum + `"}}}`,
			[]Archive{{from + "a", sum}},
		},
		"what npm does not download, or nobody can compare": {
			`{"packages": {
			  "node_modules/link": {"resolved": "ui", "link": true},
			  "node_modules/git": {"resolved": "git+ssh://git@example.com/a.git#1", "integrity": "` + sum + `"},
			  "node_modules/file": {"resolved": "file:a.tgz", "integrity": "` + sum + `"},
			  "node_modules/none": {"resolved": "https://packages.example.com/none"},
			  "node_modules/bare": {"integrity": "` + sum + `"},
			  "node_modules/in": {"resolved": "https://packages.example.com/in", "integrity": "` + sum + `", "inBundle": true},
			  "node_modules/odd": 7, "node_modules/text": {"resolved": 7}}}`,
			nil,
		},
		"other systems": {
			`{"packages": {
			  "node_modules/mac": {"resolved": "https://packages.example.com/mac", "integrity": "` + sum + `", "os": ["darwin"]},
			  "node_modules/arm": {"resolved": "https://packages.example.com/arm", "integrity": "` + sum + `", "cpu": "arm64"},
			  "node_modules/musl": {"resolved": "https://packages.example.com/musl", "integrity": "` + sum + `", "libc": ["musl"]},
			  "node_modules/not": {"resolved": "https://packages.example.com/not", "integrity": "` + sum + `", "os": ["!linux"]},
			  "node_modules/any": {"resolved": "https://packages.example.com/any", "integrity": "` + sum + `", "os": "any"},
			  "node_modules/odd": {"resolved": "https://packages.example.com/odd", "integrity": "` + sum + `", "os": 7},
			  "node_modules/ok": {"resolved": "https://packages.example.com/ok", "integrity": "` + sum + `",
			    "os": ["!win32"], "cpu": ["x64", "arm64"], "libc": "glibc"}}}`,
			[]Archive{{from + "any", sum}, {from + "odd", sum}, {from + "ok", sum}},
		},
		"format 1, whose optional packages may be for other systems": {
			`{"lockfileVersion": 1, "dependencies": {
			  "a": {"resolved": "https://packages.example.com/a", "integrity": "` + sum + `", "dependencies": {
			    "b": {"resolved": "https://packages.example.com/b", "integrity": "` + sum + `"},
			    "c": {"resolved": "https://packages.example.com/c", "integrity": "` + sum + `", "bundled": true}}},
			  "d": {"resolved": "https://packages.example.com/d", "integrity": "` + sum + `", "optional": true},
			  "e": {"version": "git+ssh://git@example.com/e.git#1"}}}`,
			[]Archive{{from + "a", sum}, {from + "b", sum}},
		},
	} {
		got, err := Read([]byte(c.lock), "amd64")
		if diff := cmp.Diff(c.want, got.Archives); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	for text, want := range map[string]bool{
		`{}`: false, `{"packages": {"node_modules/a": {"version": "1.0.0"}}}`: false,
		`{"packages": {"node_modules/a": {"integrity": "` + sum + `"}}}`: true,
	} {
		if got, err := Read([]byte(text), "amd64"); err != nil || got.Digests != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	if _, err := Read([]byte("{"), "amd64"); err == nil {
		t.Error("half a lock is no error")
	}
}

func TestStrongest(t *testing.T) {
	const long = "sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
	for integrity, want := range map[string]string{
		sum: "sha1", sum + " " + long: "sha512", long + "?a=b " + sum: "sha512", "md5-AAAA " + sum: "sha1",
		"": "", "sha512-AAAA": "", "sha512": "", "sha1-not base64": "", "toString-AAAA": "",
	} {
		if got, ok := strongest(integrity); got.algorithm != want || ok != (want != "") {
			t.Errorf("%q: got %v, %v", integrity, got, ok)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(
		[]byte(
			`{"packages": {"node_modules/a": {"resolved": "https://a", "integrity": "` + sum + `", "os": "linux"}}}`,
		),
	)
	f.Add([]byte(`{"dependencies": {"a": {"resolved": "https://a", "integrity": "x", "dependencies": {"b": {}}}}}`))
	f.Fuzz(func(t *testing.T, lock []byte) {
		found, _ := Read(lock, "amd64")
		for _, a := range found.Archives {
			if !fetched(a.URL) || a.Integrity == "" {
				t.Errorf("%q", a)
			}
		}
	})
}
