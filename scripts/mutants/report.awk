# Reports what gremlins says about one package: awk -v package=internal/plan -v least=92 -v totals=FILE equivalent.txt LOG.
# It appends the numbers of changes that were noticed, and of all but the equivalent ones, to totals.
BEGIN {
  FS = "\t"
  changes["CONDITIONALS_BOUNDARY"] = "boundary"
  changes["CONDITIONALS_NEGATION"] = "negation"
  changes["INVERT_LOGICAL"] = "logical"
}

# line returns a line of a file without the surrounding space.
function line(file, number, text, i) {
  for (i = 0; i < number && (getline text <file) > 0; i++) {
  }
  close(file)
  gsub(/^[ \t]+|[ \t]+$/, "", text)
  return text
}

FILENAME ~ /equivalent\.txt$/ {
  if (NF > 1 && $1 !~ /^#/) {
    if (NF != 4 || $4 == "") {
      print "equivalent.txt, line " FNR ": file, change, line and reason must have tabs between them" >"/dev/stderr"
      failed = 1
    } else if (index($1, package "/") == 1) {
      equivalent[$1 FS $2 FS $3]++
    }
  }
  next
}

/^Mutation testing completed/ {
  completed = 1
}

match($0, /(KILLED|LIVED|TIMED OUT|NOT COVERED|NOT VIABLE|SKIPPED) [A-Z_]+ at [^ ]+:[0-9]+:[0-9]+$/) {
  split(substr($0, RSTART), half, " at ")
  parts = split(half[2], place, ":")
  file = package "/" place[1]
  words = split(half[1], word, " ")
  status = word[1]
  change = changes[word[words]]
  entry = file FS change FS line(file, place[2])
  if (status != "KILLED" && equivalent[entry] > 0) { # on a busy machine its tests may not be done in time
    equivalent[entry]--
    same++
    next
  }
  if (status == "KILLED" || status == "TIMED") {
    killed++
    slow += status == "TIMED"
    next
  }
  if (status != "LIVED") {
    print package ": " $0 >"/dev/stderr" # neither noticed nor tried
    failed = 1
  }
  lived++
  printf "%s:%s:%s: %s: %s\n", file, place[2], place[3], change, line(file, place[2])
}

END {
  for (entry in equivalent) {
    if (equivalent[entry] > 0) {
      print "equivalent.txt: this is noticed, or is not there: " entry >"/dev/stderr"
      failed = 1
    }
  }
  if (!completed || killed + lived == 0) {
    print package ": gremlins was interrupted, or has changed nothing" >"/dev/stderr"
    exit 1
  }
  printf "%-20s %4d noticed (%d timed out)  %4d not  %3d equivalent  %5.1f %%\n",
    package, killed, slow, lived, same, 100 * killed / (killed + lived)
  print killed, killed + lived >>totals
  exit failed || 100 * killed < least * (killed + lived)
}
