package secret

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A secret is found wherever writes cut it in two, at the right place, and is not in the error.
func TestTheFinderLooksAcrossWrites(t *testing.T) {
	const value = "hunter2000"
	set := setOf("another-9000", value)
	text := strings.Repeat("x", 500) + value + strings.Repeat("y", 500)
	for size := 1; size < 700; size++ {
		finder := set.Finder()
		var err error
		for rest := []byte(text); len(rest) > 0 && err == nil; {
			n := min(size, len(rest))
			_, err = finder.Write(rest[:n])
			rest = rest[n:]
		}
		var found *Found
		if !errors.As(err, &found) || found.Offset != 500 || found.Name != "SECRET_1" ||
			strings.Contains(err.Error(), value) {
			t.Fatalf("in writes of %d: %v", size, err)
		}
	}
	finder := set.Finder()
	for range 3 {
		if _, err := finder.Write([]byte("hunter200 000 hunter 2000")); err != nil {
			t.Error(err)
		}
	}
}

// The matcher and bytes.Index find the same, in texts of few letters, which have many beginnings.
func TestTheMatcherFindsWhatAPlainSearchFinds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		out := make([]byte, n)
		for i := range out {
			out[i] = "abc"[random.IntN(3)]
		}
		return string(out)
	}
	for range 300 {
		var patterns []pattern
		for range 1 + random.IntN(8) {
			patterns = append(patterns, pattern{text: word(6 + random.IntN(5))})
		}
		text := []byte(word(random.IntN(3000)))
		got, want := map[string]int{}, map[string]int{}
		for _, m := range newMatcher(patterns).all(text) {
			got[fmt.Sprint(m.pattern, m.start)]++
		}
		for n, p := range patterns {
			for i := range text {
				if bytes.HasPrefix(text[i:], []byte(p.text)) {
					want[fmt.Sprint(n, i)]++
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v in %s: got %v, want %v", patterns, text, got, want)
		}
	}
}

// A plain word is masked in the log, but is in every library.
func TestAPlainWordIsNotLookedFor(t *testing.T) {
	set := setOf("password", "correct-horse-battery-staple")
	if got := set.Mask("my password"); got != "my ****" {
		t.Error(got)
	}
	if _, err := set.Finder().Write([]byte("def password(): pass")); err != nil {
		t.Error(err)
	}
	if set.Has("manage.py password") || set.Has("my%20password") || !set.Has("--token correct-horse-battery-staple") {
		t.Error("Has does not look for what a Finder looks for")
	}
	if _, err := set.Finder().Write([]byte("correct-horse-battery-staple")); err == nil {
		t.Error("a passphrase is not found")
	}
}

// 137 MB are Python with a usual set of packages.
func BenchmarkFinder(b *testing.B) {
	set := setOf("npm_0123456789abcdef", "hunt@er/2000", "glpat-0123456789")
	block := benchmarkText()
	b.Run("finder", func(b *testing.B) {
		b.SetBytes(int64(len(block)))
		for b.Loop() {
			finder := set.Finder()
			for rest := block; len(rest) > 0; rest = rest[min(len(rest), 128<<10):] {
				if _, err := finder.Write(rest[:min(len(rest), 128<<10)]); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(len(set.look.patterns)), "patterns")
	})
	b.Run("bytes.Index", func(b *testing.B) {
		b.SetBytes(int64(len(block)))
		for b.Loop() {
			for _, p := range set.look.patterns {
				if bytes.Contains(block, []byte(p.text)) {
					b.Fatal(p)
				}
			}
		}
	})
}

// benchmarkText is 137 MB of something like programs.
func benchmarkText() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var out bytes.Buffer
	for out.Len() < 137<<20 {
		for range 200 {
			out.WriteString(strings.Repeat(" ", random.IntN(9)))
			for range random.IntN(12) {
				out.WriteByte("etaoinshrdlucmfwypvbgk_-0123()."[random.IntN(31)])
			}
		}
		for range 400 {
			out.WriteByte(byte(random.IntN(256)))
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}
