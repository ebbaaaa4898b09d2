package needed

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// object returns an ELF file with the soname and the libraries that it needs.
func object(t *testing.T, machine elf.Machine, soname string, needs ...string) []byte {
	t.Helper()
	names, dynamic := []byte{0}, []uint64{}
	add := func(tag elf.DynTag, name string) {
		dynamic = append(dynamic, uint64(tag), uint64(len(names)))
		names = append(append(names, name...), 0)
	}
	for _, need := range needs {
		add(elf.DT_NEEDED, need)
	}
	if soname != "" {
		add(elf.DT_SONAME, soname)
	}
	dynamic = append(dynamic, uint64(elf.DT_NULL), 0)
	const header, section = 64, 64
	afterNames := uint64(header + len(names))
	afterDynamic := afterNames + uint64(8*len(dynamic))
	var out bytes.Buffer
	for _, part := range []any{
		elf.Header64{
			Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_DYN), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT), Shoff: afterDynamic,
			Ehsize: header, Shentsize: section, Shnum: 3, Shstrndx: 1,
		},
		names, dynamic, elf.Section64{},
		elf.Section64{Type: uint32(elf.SHT_STRTAB), Off: header, Size: uint64(len(names))},
		elf.Section64{Type: uint32(elf.SHT_DYNAMIC), Off: afterNames, Size: uint64(8 * len(dynamic)), Link: 1,
			Entsize: 16},
	} {
		if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestLibrariesThatAreNeeded(t *testing.T) {
	const x86 = elf.EM_X86_64
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"site/psycopg2/_psycopg.cpython-313.so": object(t, x86, "", "libpq.so.5", "libc.so.6", "libpthread.so.0"),
		"site/cv2/cv2.abi3.so":                  object(t, x86, "", "libGL.so.1", "libopen-1a2b.so.4", "libpq.so.5"),
		"site/opencv.libs/libopen-1a2b.so.4":    object(t, x86, "libopen-1a2b.so.4", "libGL.so.1"),
		"site/named/libother.so":                object(t, x86, "libother.so.2"),
		"site/uses/x.so":                        object(t, x86, "", "libother.so.2", "libcuda.so.1"),
		"site/arm/x.so":                         object(t, elf.EM_AARCH64, "", "libarm.so.1"),
		"site/musl/x.so":                        object(t, x86, "", "libc.musl-x86_64.so.1", "libmusl.so.1"),
		"site/strange/x.so":                     object(t, x86, "", "lib strange\n.so"),
		"site/broken/x.so":                      []byte("\x7fELF, and nothing more"),
		"site/short/x.so":                       []byte("\x7fE"),
		"site/text/linker.so":                   []byte("INPUT(libreal.so.1)"),
		"site/text/x.py":                        object(t, x86, "", "libpython.so.1"),
		"bin/tool":                              object(t, x86, "", "libtool.so.1"),
		"bin/x.py":                              object(t, x86, "", "libscript.so.1"),
		"site/data/tool":                        object(t, x86, "", "libdata.so.1"),
		"bin/script":                            []byte("#!/bin/sh\n"),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/nowhere", filepath.Join(dir, "site", "libdangling.so")); err != nil {
		t.Fatal(err)
	}
	got, err := Of(os.DirFS(dir), "amd64")
	if err != nil {
		t.Fatal(err)
	}
	want := Libraries{
		"libpq.so.5": "site/cv2/cv2.abi3.so", "libGL.so.1": "site/cv2/cv2.abi3.so", "libtool.so.1": "bin/tool",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(got, Parse(got.String())); diff != "" {
		t.Errorf("as a record (-before +after):\n%s", diff)
	}
	arm, err := Of(os.DirFS(dir), "arm64")
	if diff := cmp.Diff(Libraries{"libarm.so.1": "site/arm/x.so"}, arm); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
