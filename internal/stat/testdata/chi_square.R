source("common.R")

# Goodness of fit against chisq.test.
of_w <- function(x, df, n) if (x > 1400) numeric(0) else possible(function(l) pchisq(x, df, ncp = l)) / n
fit <- list()
while (length(fit) < 150) {
  kind <- kinds[length(fit) %% 7 + 1]
  k <- sample(2:8, 1)
  x <- counts(kind, k)
  w <- if (runif(1) < .3) runif(k) * 10^sample(-3:6, 1) else rpois(k, 40) + 1
  if (sum(x) == 0) next
  t <- chisq.test(x, p = w / sum(w))
  fit[[length(fit) + 1]] <- list(counts = one(x), weights = one(w), x2 = t$statistic[[1]], df = t$parameter[[1]],
    p = t$p.value, w = sqrt(t$statistic[[1]] / sum(x)), expected = one(t$expected), residuals = one(t$stdres))
}
save_lines(fit, "goodness.jsonl")

# Independence, with Yates for 2 by 2. Empty rows and columns are left out here,
# as R itself cannot.
cross <- list()
while (length(cross) < 200) {
  kind <- kinds[length(cross) %% 7 + 1]
  r <- sample(2:5, 1); k <- if (length(cross) %% 3 == 0) { r <- 2; 2 } else sample(2:6, 1)
  x <- matrix(counts(kind, r * k), r)
  if (kind == "singular" && runif(1) < .5) x[sample(r, 1), ] <- rpois(k, 9)
  rows <- rowSums(x) > 0; columns <- colSums(x) > 0
  y <- x[rows, columns, drop = FALSE]
  if (min(dim(y)) < 2) { # one row or column: nothing to test
    if (kind == "singular") cross[[length(cross) + 1]] <- list(table = x, x2 = "NaN", df = "NaN", p = "NaN", v = "NaN", expected = matrix(NaN, r, k), adjusted = matrix(NaN, r, k), yates = "NaN", p_yates = "NaN")
    next
  }
  t <- chisq.test(y, correct = FALSE)
  full <- function(z) { a <- matrix(NaN, r, k); a[rows, columns] <- z; a }
  one_case <- list(table = x, x2 = t$statistic[[1]], df = t$parameter[[1]], p = t$p.value,
    v = sqrt(t$statistic[[1]] / (sum(y) * (min(dim(y)) - 1))), expected = full(t$expected), adjusted = full(t$stdres), yates = "NaN", p_yates = "NaN")
  if (all(dim(y) == 2)) {
    t <- chisq.test(y, correct = TRUE)
    one_case$yates <- t$statistic[[1]]; one_case$p_yates <- t$p.value
  }
  cross[[length(cross) + 1]] <- one_case
}
save_lines(cross, "independence.jsonl")
