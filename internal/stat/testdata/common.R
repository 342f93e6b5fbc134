# What the scripts share. They write what R says of generated data to the files
# that the tests of this folder read; the tests themselves need no R. Made with
# R 4.2.2 and survey 4.1.1: cd internal/stat/testdata && for f in [a-z]*_*.R; do Rscript $f; done
suppressMessages(library(jsonlite))
options(warn = -1)
set.seed(2018, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

# save writes one data set per line.
save_lines <- function(cases, file) {
  lines <- vapply(cases, function(x) as.character(toJSON(x, digits = I(15), na = "string", auto_unbox = TRUE)), "")
  writeLines(lines, file)
}

# one keeps a vector of length 1 a list.
one <- function(x) I(as.vector(x))

# counts draws k counts of a kind: normal, tiny, with zeros, huge.
counts <- function(kind, k) switch(kind,
  normal = rpois(k, runif(1, 5, 60)),
  tiny = rpois(k, 1.5),
  zeros = rpois(k, 8) * rbinom(k, 1, .6),
  huge = round(runif(k, 1e5, 1e8)),
  skewed = rpois(k, 2^seq(0, 8, length.out = k)))
kinds <- c("normal", "tiny", "zeros", "huge", "skewed")
