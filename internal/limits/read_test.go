package limits

import (
	"errors"
	"testing"
	"testing/fstest"
)

func TestReadHasALimit(t *testing.T) {
	fsys := fstest.MapFS{"file": {Data: []byte("12345")}}
	if data, err := Read(fsys, "file", 5); err != nil || string(data) != "12345" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := Read(fsys, "file", 4); !errors.Is(err, ErrLarge) {
		t.Errorf("%v", err)
	}
}
