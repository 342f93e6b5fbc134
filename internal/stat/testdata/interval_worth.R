source("common.R")
suppressMessages(library(survey))

# Wilson's formula with any number of cases, and means with and without a finite
# population: survey::svymean with the t of n - 1.
score <- function(p, n, z) {
  m <- p + z^2 / (2 * n); h <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  pmin(1, pmax(0, c(m - h, m + h) / (1 + z^2 / n)))
}
worth <- lapply(1:120, function(i) {
  k <- sample(2:40, 1)
  x <- if (i %% 3) sample(1:10, k, replace = TRUE) else round(rnorm(k, 50, 10), 2)
  N <- k + sample(c(1, 5, 100, 1000), 1)
  conf <- c(.95, .9, .99)[i %% 3 + 1]
  z <- qnorm(1 - (1 - conf) / 2)
  share <- c(0, 1, runif(3))[i %% 5 + 1]
  n <- k * runif(1, .3, 1)
  fin <- score(share, n * (N - 1) / (N - k), z); end <- score(share, n, z)
  d <- data.frame(x = x, N = N)
  a <- confint(svymean(~x, svydesign(ids = ~1, fpc = ~N, data = d)), level = conf, df = k - 1)
  b <- confint(svymean(~x, svydesign(ids = ~1, weights = rep(1, k), data = d)), level = conf, df = k - 1)
  list(share = share, n = n, conf = conf, observed = k, population = N, lo = fin[1], hi = fin[2], loendless = end[1], hiendless = end[2],
    x = one(x), mean = mean(x), sd = sd(x), meanlo = a[1], meanhi = a[2], endlo = b[1], endhi = b[2])
})
save_lines(worth, "worth.jsonl")
