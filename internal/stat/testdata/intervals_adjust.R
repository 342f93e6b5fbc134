source("common.R")

adjust <- lapply(1:120, function(i) {
  k <- sample(1:12, 1)
  p <- switch(i %% 4 + 1, runif(k), runif(k)^6, round(runif(k), 1), 10^-runif(k, 0, 300))
  if (i %% 5 == 0) p[sample(k, 1)] <- NA
  list(p = one(ifelse(is.na(p), NaN, p)), holm = one(ifelse(is.na(p), NaN, p.adjust(p, "holm"))), bh = one(ifelse(is.na(p), NaN, p.adjust(p, "BH"))))
})
save_lines(adjust, "adjust.jsonl")

# Wilson's interval is that of prop.test; with a finite population the same
# formula with n (N - 1) / (N - n).
score <- function(p, n, z) {
  m <- p + z^2 / (2 * n); h <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  pmin(1, pmax(0, c(m - h, m + h) / (1 + z^2 / n)))
}
wilson <- lapply(1:150, function(i) {
  n <- switch(i %% 3 + 1, sample(1:12, 1), sample(20:400, 1), sample(1e4:1e8, 1))
  x <- switch(i %% 5 + 1, 0, n, rbinom(1, n, .5), rbinom(1, n, .01), sample(0:n, 1))
  conf <- c(.95, .9, .99, .6)[i %% 4 + 1]
  N <- n + switch(i %% 3 + 1, 1, sample(1:n, 1), 10 * n)
  ci <- prop.test(x, n, conf.level = conf, correct = FALSE)$conf.int
  z <- qnorm(1 - (1 - conf) / 2)
  stopifnot(all(abs(score(x / n, n, z) - ci) < 1e-9))
  fin <- score(x / n, n * (N - 1) / (N - n), z)
  list(x = x, n = n, population = N, conf = conf, lo = ci[1], hi = ci[2], lo_finite = fin[1], hi_finite = fin[2])
})
save_lines(wilson, "wilson.jsonl")
