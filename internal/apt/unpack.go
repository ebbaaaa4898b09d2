package apt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/purl"
)

// unpack adds the packages in files of apt to a layer, and returns their package URLs. The largest come first, so that
// an error about the size names them.
func (u unpacking) unpack(ctx context.Context, files []string, target target) (all []bom.Component, err error) {
	if err := u.needsNewerImage(files); err != nil {
		return nil, err
	}
	for _, file := range bySize(files) {
		p := debian.ParseFile(file)
		if p.IsBasic() {
			continue
		}
		from := filepath.Join(u.Private, "apt-"+u.name, "files", p.Name)
		if err := u.extract(ctx, file, from); err != nil {
			return nil, err
		}
		if err := target.add(ctx, from, p.Name, u.Plan.Debian.IsNamed(p.Name)); err != nil {
			return nil, err
		}
		if err := errors.Join(tooLarge(target.sizes, maxUnpacked), os.RemoveAll(from)); err != nil {
			return nil, err
		}
		all = append(all, bom.Component{
			PURL: purl.Of(purl.Debian, distro(u.Common)+"/"+p.Name, p.Version), Evidence: bom.Installed,
		})
	}
	slices.SortFunc(all, func(a, b bom.Component) int { return strings.Compare(a.PURL, b.PURL) })
	return all, nil
}
