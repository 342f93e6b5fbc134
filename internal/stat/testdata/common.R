# What the scripts share. They write what R says of generated data to the files
# that the tests of this folder read; the tests themselves need no R. Made with
# R 4.2.2 of Debian 12 and its packages: make oracle. Where a package has the
# function it is asked; where it rounds or stops early, the script goes on to more
# digits from its answer, and stops where the two are not the same.
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
  skewed = rpois(k, 2^seq(0, 8, length.out = k)),
  constant = rep(sample(2:40, 1), k),
  singular = replace(rep(0, k), sample(k, 1), rpois(1, 20) + 1)) # all in one category
kinds <- c("normal", "tiny", "zeros", "huge", "skewed", "constant", "singular")

# possible are the noncentralities of which a distribution leaves 2.5 % on either
# side of what was found, f(lambda) being the chance of less; NaN where even 0
# leaves less above it.
possible <- function(f) {
  at <- function(p) {
    if (f(0) <= p) return(0)
    hi <- 1; while (f(hi) > p) hi <- 2 * hi
    uniroot(function(l) f(l) - p, c(0, hi), tol = 1e-12, maxiter = 1e4)$root
  }
  x <- c(at(.975), at(.025))
  if (x[2] == 0) c(NaN, NaN) else x
}
of_chi <- function(x, df, most) if (!is.finite(x) || x > 1400) NULL else pmin(1, possible(function(l) pchisq(x, df, ncp = l)) / most) # beyond, pchisq itself loses digits
