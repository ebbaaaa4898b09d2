package environ

import "testing"

func TestNodeHeapIsThreeQuartersAndNeverMoreThanNodeWouldTake(t *testing.T) {
	for limit, want := range map[int64]int{256 << 20: 192, 1 << 30: 768, 2 << 30: 1536, 2<<30 + 12345: 1536,
		5 << 30: 3840, 6 << 30: 4096, 64 << 30: 4096} {
		if got := nodeHeap(limit); got != want {
			t.Errorf("%d MB: got %d, want %d", limit>>20, got, want)
		}
	}
}
