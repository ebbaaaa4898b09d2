package integration

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPagesAreComparedWithWhatIsExpected(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/shop/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<p>hello</p><link rel="stylesheet" href="../static/site.css?a=1&amp;b=2">`)
		case "/static/site.css":
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprint(w, "a{color:red}")
		}
	}))
	t.Cleanup(server.Close)
	const stylesheet = `{"match": "site\\.css", "type": "text/css", "contains": "color:red"}`
	for _, test := range []struct{ name, contains, assets, want string }{
		{"all is there", `"hello"`, stylesheet, ""},
		{"a text is missing", `"hello", "goodbye"`, stylesheet, `"goodbye" is not in the page`},
		{"an asset is missing", `"hello"`, `{"match": "app\\.js"}`, "no link or script of the page matches"},
		{"an asset is another", `"hello"`, `{"match": "site", "type": "text/css", "contains": "blue"}`,
			`"blue" is not in`},
		{"an asset is of another type", `"hello"`, `{"match": "site", "type": "text/plain"}`, "want 200, text/plain"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var e expectation
			text := fmt.Sprintf(`{"page": "/shop/", "contains": [%s], "assets": [%s]}`, test.contains, test.assets)
			if err := json.Unmarshal([]byte(text), &e); err != nil {
				t.Fatal(err)
			}
			err := e.check(t.Context(), server.URL)
			if test.want == "" && err != nil {
				t.Error(err)
			} else if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestAnExpectationOfNothingIsAnError(t *testing.T) {
	app := t.TempDir()
	if err := os.WriteFile(filepath.Join(app, "expect.json"), []byte(`{"page": "/"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if e, err := readExpectation(app); err == nil {
		t.Errorf("got %+v", e)
	}
}
