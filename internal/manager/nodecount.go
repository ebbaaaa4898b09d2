package manager

// lockCount has the packages of a lockfile, to report how many are installed. A package for another system is not
// installed, and neither are packages that only such packages need. The map has the keys of the lockfile.
type lockCount struct {
	packages map[string]*countedPackage
	all      []*countedPackage
}

// countedPackage is an entry of a lockfile.
type countedPackage struct {
	app     bool     // it is a directory of the app: installed, but not counted
	unfit   bool     // it is for another system
	needs   []string // the keys of its dependencies
	neededs int      // the number of packages that need it
}

// add adds a package that has some keys.
func (c *lockCount) add(p *countedPackage, keys ...string) {
	if c.packages == nil {
		c.packages = map[string]*countedPackage{}
	}
	c.all = append(c.all, p)
	for _, key := range keys {
		c.packages[key] = p
	}
}

// count returns how many packages are installed.
func (c *lockCount) count() (n int) {
	for _, p := range c.all {
		for _, key := range p.needs {
			if of := c.packages[key]; of != nil {
				of.neededs++
			}
		}
	}
	var absent []*countedPackage
	for _, p := range c.all {
		if p.unfit {
			absent = append(absent, p)
		}
	}
	for len(absent) > 0 {
		last := absent[len(absent)-1]
		absent = absent[:len(absent)-1]
		for _, key := range last.needs {
			of := c.packages[key]
			if of == nil || of.unfit {
				continue
			}
			if of.neededs--; of.neededs == 0 {
				of.unfit = true
				absent = append(absent, of)
			}
		}
	}
	for _, p := range c.all {
		if !p.unfit && !p.app {
			n++
		}
	}
	return n
}
