# Cronbach's alpha with its interval, item-rest correlations, alpha without an
# item, and Friedman's test, of made-up answers. psych is not needed: alpha is
# written out, and checked against the definition by covariances.
source("common.R")

alpha <- function(x) {
  k <- ncol(x); s <- cov(x)
  k / (k - 1) * (1 - sum(diag(s)) / sum(s))
}

cases <- list()
for (i in 1:140) {
  kind <- c("normal", "tied", "tiny", "constant item", "missing", "huge", "two items")[(i - 1) %% 7 + 1]
  n <- switch(kind, tiny = sample(3:6, 1), sample(20:150, 1))
  k <- if (kind == "two items") 2 else sample(3:9, 1)
  trait <- rnorm(n)
  x <- sapply(1:k, function(j) trait * runif(1, .2, 1.2) + rnorm(n))
  if (kind %in% c("tied", "missing", "tiny")) x <- matrix(pmin(5, pmax(1, round(3 + x))), n)
  if (kind == "constant item") { x <- round(x); x[, 1] <- 3 }
  if (kind == "huge") x <- x * 1e6 + 1e7
  if (kind == "missing") x[sample(length(x), length(x) %/% 10)] <- NA
  whole <- x[complete.cases(x), , drop = FALSE]
  m <- nrow(whole)
  if (m < 3 || sum(cov(whole)) <= 0) next
  a <- alpha(whole)
  r <- suppressWarnings(cor(whole))
  lower <- mean(r[lower.tri(r)])
  rest <- suppressWarnings(sapply(1:k, function(j) cor(whole[, j], rowSums(whole[, -j, drop = FALSE]))))
  drop <- if (k > 2) sapply(1:k, function(j) { y <- whole[, -j]; if (sum(cov(y)) > 1e-12) alpha(y) else NaN }) else rep(NaN, k)
  rest[is.na(rest)] <- NaN # an item that never varies correlates with nothing
  if (is.na(lower)) lower <- NaN
  f <- friedman.test(whole)
  med <- sapply(1:k, function(j) median(x[, j], na.rm = TRUE))
  q <- sapply(1:k, function(j) quantile(x[, j], .3, na.rm = TRUE, names = FALSE))
  x[is.na(x)] <- NaN
  cases[[length(cases) + 1]] <- list(items = lapply(1:k, function(j) one(x[, j])), n = m, alpha = a,
    lo = 1 - (1 - a) * qf(.975, m - 1, (m - 1) * (k - 1)), hi = 1 - (1 - a) * qf(.025, m - 1, (m - 1) * (k - 1)),
    mean_r = lower, std = k * lower / (1 + (k - 1) * lower), rest = one(rest), dropped = one(drop),
    friedman = unname(f$statistic), p = f$p.value, w = unname(f$statistic) / (m * (k - 1)), median = one(med), q30 = one(q))
}
save_lines(cases, "reliability.jsonl")
