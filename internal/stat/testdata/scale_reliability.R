# Cronbach's alpha with its interval, item-rest correlations, alpha without an
# item, and Friedman's test, of made-up answers; means, deviations and quantiles of
# single columns; correlations on complete cases and pairwise. psych must give the
# same alpha and interval.
source("common.R")
suppressMessages(library(psych))

alpha <- function(x) {
  k <- ncol(x); s <- cov(x)
  k / (k - 1) * (1 - sum(diag(s)) / sum(s))
}

cases <- list()
for (i in 1:180) {
  kind <- c("normal", "tied", "tiny", "constant item", "missing", "huge", "two items", "constant", "singular")[(i - 1) %% 9 + 1]
  n <- switch(kind, tiny = sample(3:6, 1), sample(20:150, 1))
  k <- if (kind == "two items") 2 else sample(3:9, 1)
  trait <- rnorm(n)
  x <- sapply(1:k, function(j) trait * runif(1, .2, 1.2) + rnorm(n))
  if (kind %in% c("tied", "missing", "tiny")) x <- matrix(pmin(5, pmax(1, round(3 + x))), n)
  if (kind == "constant item") { x <- round(x); x[, 1] <- 3 }
  if (kind == "huge") x <- x * 1e6 + 1e7
  if (kind == "missing") { x[runif(n) < .6, sample(k, 1)] <- NA; x[sample(length(x), 3)] <- NA }
  if (kind == "constant") x[] <- 4
  if (kind == "singular") x[, k] <- x[, 1]
  x <- signif(x, 12)
  whole <- x[complete.cases(x), , drop = FALSE]
  m <- nrow(whole)
  if (m < 3) next
  a <- if (sum(cov(whole)) > 0) alpha(whole) else NaN
  interval <- c(1 - (1 - a) * qf(.975, m - 1, (m - 1) * (k - 1)), 1 - (1 - a) * qf(.025, m - 1, (m - 1) * (k - 1)))
  if (!is.nan(a) && all(apply(whole, 2, sd) > 0)) { # psych leaves constant items out
    theirs <- suppressMessages(suppressWarnings(psych::alpha(as.data.frame(whole), warnings = FALSE)))
    feldt <- alpha.ci(a, m, k, digits = 15)
    stopifnot(abs(theirs$total$raw_alpha - a) < 1e-9, abs(c(feldt$lower.ci, feldt$upper.ci) - interval) < 1e-9)
  }
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
  if (is.nan(a)) { rest[] <- NaN; drop[] <- NaN; lower <- NaN }
  cases[[length(cases) + 1]] <- list(items = lapply(1:k, function(j) one(x[, j])), n = m, alpha = a,
    lo = interval[1], hi = interval[2],
    mean_r = lower, std = k * lower / (1 + (k - 1) * lower), rest = one(rest), dropped = one(drop),
    friedman = unname(f$statistic), p = f$p.value, w = one(c(unname(f$statistic) / (m * (k - 1)), if (is.nan(f$statistic)) c(NaN, NaN) else of_chi(unname(f$statistic), k - 1, m * (k - 1)))), median = one(med), q30 = one(q))
}
save_lines(cases, "reliability.jsonl")

# Single columns, and columns with each other.
draws <- c("normal", "tied", "tiny", "constant", "missing", "huge", "small")
draw <- function(kind, n) { x <- switch(kind, normal = rnorm(n), tied = sample(1:5, n, TRUE), tiny = rnorm(n), constant = rep(sample(1:5, 1), n), missing = ifelse(runif(n) < .7, NA, rnorm(n)),
  huge = rnorm(n, 1e15, 1e14), small = rnorm(n, 1e-9, 1e-10)); signif(x, 12) }
moments <- lapply(1:140, function(i) {
  kind <- draws[i %% 7 + 1]; x <- draw(kind, if (kind == "tiny") sample(1:4, 1) else if (kind == "tied") 5000 else sample(5:200, 1)); q <- round(runif(1), 3)
  y <- x[!is.na(x)]; x[is.na(x)] <- NaN
  quant <- function(q, type) if (length(y)) quantile(y, q, type = type, names = FALSE) else NaN
  list(x = one(x), n = length(y), mean = mean(y), sd = if (length(y) > 1) sd(y) else NaN, median = if (length(y)) median(y) else NaN, q = q, type6 = one(c(quant(q, 6), quant(.25, 6), quant(0, 6), quant(1, 6))), type7 = one(c(quant(q, 7), quant(.25, 7), quant(0, 7), quant(1, 7))))
})
save_lines(moments, "moments.jsonl")

pairs <- lapply(1:126, function(i) {
  kind <- draws[i %% 7 + 1]; n <- if (kind == "tiny") 5 else sample(20:60, 1)
  x <- sapply(1:4, function(j) draw(kind, n)); if (kind != "constant") x[runif(4 * n) < .2] <- NA
  if (i %% 2 && kind != "constant") x[, 4] <- x[, 1] # singular
  low <- function(r) lapply(1:4, function(j) one(ifelse(is.na(r[j, 1:j]), NaN, r[j, 1:j])))
  count <- function(ok) crossprod(ok)
  ok <- !is.na(x); all <- complete.cases(x)
  quiet <- function(r, n) { r <- suppressWarnings(tryCatch(r, error = function(e) matrix(NaN, 4, 4))); r[n < 3] <- NaN; r }
  np <- count(ok); nc <- matrix(sum(all), 4, 4); p <- quiet(cor(x, use = "pairwise.complete.obs"), np); c <- quiet(cor(x, use = "complete.obs"), nc)
  x[is.na(x)] <- NaN
  list(columns = lapply(1:4, function(j) one(x[, j])), pairwise = low(p), complete = low(c), np = lapply(1:4, function(j) one(np[j, 1:j])), nc = sum(all))
})
save_lines(pairs, "correlations.jsonl")
