package diagnose

import "testing"

func TestLibrariesOfPackages(t *testing.T) {
	for name, want := range map[string]Library{
		"psycopg2":    {"libpq-dev", true, "psycopg[binary]"},
		"mysqlclient": {"default-libmysqlclient-dev", true, "PyMySQL"},
		"python-ldap": {"libldap-dev libsasl2-dev", false, ""},
		"django":      {},
	} {
		if got, ok := LibraryOf(name); got != want || ok != (want.Build != "") {
			t.Errorf("%s: got %+v, %v", name, got, ok)
		}
	}
}
