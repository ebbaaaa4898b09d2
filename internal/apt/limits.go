package apt

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// maxUnpacked bounds the files of a layer, in bytes. GDAL with all that it needs has 240 MB.
const maxUnpacked = 600 << 20

// tooLarge returns the user's error if the files of packages have more than most bytes. It names the ten largest.
func tooLarge(sizes map[string]int64, most int64) error {
	total := int64(0)
	for _, size := range sizes {
		total += size
	}
	if total <= most {
		return nil
	}
	largest := slices.SortedFunc(maps.Keys(sizes), func(a, b string) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(a, b))
	})
	var lines []string
	for _, name := range largest[:min(10, len(largest))] {
		lines = append(lines, show.Name(name)+" "+show.Size(sizes[name]))
	}
	return &fail.Error{
		ID: "apt/too-large", What: "The Debian packages are too large",
		Why: fmt.Sprintf("Unpacked, they have more than %s. The largest are:\n%s", show.Size(most), show.Below(lines)),
		Fix: fail.Fix{fail.Say{Text: "Remove packages from Aptfile or " + config.AptPackages +
			". If the app needs all of them,\nbuild your own images with them."}},
	}
}

// bySize returns files, the largest first. A file that cannot be read is the last.
func bySize(files []string) []string {
	size := func(name string) int64 {
		if info, err := os.Stat(name); err == nil {
			return info.Size()
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(files), func(a, b string) int { return cmp.Compare(size(b), size(a)) })
}

// needsNewerImage returns the user's error if packages require a later series of the C library than the image has. It
// is never unpacked, since all programs of the image use it.
func (u unpacking) needsNewerImage(files []string) error {
	const library = "libc6"
	has := func(p debian.Package) bool { return p.Name == library }
	i := slices.IndexFunc(u.image, has)
	for _, file := range files {
		p := debian.ParseFile(file)
		if i < 0 || p.Name != library || !debian.IsLaterSeries(p.Version, u.image[i].Version) {
			continue
		}
		return &fail.Error{
			ID: "apt/needs-newer-image", What: "The Debian packages require a newer image",
			Why: fmt.Sprintf("One of them requires %s %s. The image has %s.", library, show.Name(p.Version),
				show.Name(u.image[i].Version)),
			Fix: fail.Fix{
				fail.Say{Text: "Name packages of the release of the image in Aptfile or " + config.AptPackages +
					".\nOr use a builder with a newer release:"},
				fail.Build{Builder: fail.Builder},
			},
		}
	}
	return nil
}
