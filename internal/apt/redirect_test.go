package apt

import "testing"

func TestWhatACompilerIsTold(t *testing.T) {
	const root = "/layers/x/root"
	for text, want := range map[string]string{
		"prefix=/usr\n":             "prefix=" + root + "/usr\n",
		"prefix='/usr'\n":           "prefix='" + root + "/usr'\n",
		"CFLAGS=-I/usr/include/x\n": "CFLAGS=-I" + root + "/usr/include/x\n",
		"-L/usr/lib -lx":            "-L" + root + "/usr/lib -lx",
		"#!/usr/bin/perl\n":         "#!/usr/bin/perl\n",
		"/opt/usr/lib /usr/library": "/opt/usr/lib /usr/library",
		"'LIBDIR' => '/usr/lib'":    "'LIBDIR' => '" + root + "/usr/lib'",
	} {
		if got := string(redirected([]byte(text), root, false)); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	conf := "prefix = /usr\nlibdir=/usr/lib/x\nName: x\nLibs: -L/usr/lib\nrel=${prefix}/usr\n"
	want := "prefix = " + root + "/usr\nlibdir=" + root + "/usr/lib/x\nName: x\nLibs: -L/usr/lib\nrel=${prefix}/usr\n"
	if got := string(redirected([]byte(conf), root, true)); got != want {
		t.Errorf("pkg-config: %q", got)
	}
}
