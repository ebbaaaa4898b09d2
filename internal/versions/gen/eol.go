package main

import "github.com/tandem-cnb/tandem/internal/versions"

// endOfLife holds the last day of support of each line: for Node.js as in github.com/nodejs/Release, schedule.json; for
// Python the last day of the month in github.com/python/peps, release_management/python-releases.toml, as Paketo and
// endoflife.date count it. uv publishes none.
var endOfLife = map[versions.ID]map[string]string{
	versions.Node: {
		"8": "2019-12-31", "9": "2018-06-30", "10": "2021-04-30", "11": "2019-06-01", "12": "2022-04-30",
		"13": "2020-06-01", "14": "2023-04-30", "15": "2021-06-01", "16": "2023-09-11", "17": "2022-06-01",
		"18": "2025-04-30", "19": "2023-06-01", "20": "2026-04-30", "21": "2024-06-01", "22": "2027-04-30",
		"23": "2025-06-01", "24": "2028-04-30", "25": "2026-06-01", "26": "2029-04-30",
	},
	versions.Python: {
		"3.9": "2025-10-31", "3.10": "2026-10-31", "3.11": "2027-10-31", "3.12": "2028-10-31", "3.13": "2029-10-31",
		"3.14": "2030-10-31",
	},
}
