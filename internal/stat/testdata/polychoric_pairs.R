# Polychoric correlations of tables. polycor has them, to some 4 digits; here the
# slope of the same likelihood, with the chances of mvtnorm, is brought to 0 itself,
# and must not differ from polycor by more than its own digits. The interval is
# written out: polycor takes the thresholds as known.
source("common.R")
suppressMessages({ library(polycor); library(mvtnorm) })

cut_at <- function(p) c(-Inf, qnorm(cumsum(p)[-length(p)] / sum(p)), Inf)
chances <- function(a, b, r) outer(seq_len(length(a) - 1), seq_len(length(b) - 1), Vectorize(function(i, j) {
  max(1e-300, pmvnorm(c(a[i], b[j]), c(a[i + 1], b[j + 1]), corr = matrix(c(1, r, r, 1), 2)))
}))
point <- function(h, k, r) ifelse(is.infinite(h) | is.infinite(k), 0, exp(-(h^2 - 2 * r * h * k + k^2) / (2 * (1 - r^2))) / (2 * pi * sqrt(1 - r^2)))
slopes <- function(a, b, r) { d <- outer(a, b, point, r = r); d[is.nan(d)] <- 0; n <- length(a); m <- length(b); d[-n, -m] - d[-1, -m] - d[-n, -1] + d[-1, -1] }
score <- function(p, r) { a <- cut_at(rowSums(p)); b <- cut_at(colSums(p)); sum((p * slopes(a, b, r) / chances(a, b, r))[p > 0]) }
solve_rho <- function(p, near = 0, width = .9999) uniroot(function(r) score(p, r), c(max(-.9999, near - width), min(.9999, near + width)), tol = 1e-14, maxiter = 1000)$root

cases <- list()
kinds <- c("normal", "tied", "tiny", "constant", "missing", "singular", "huge")
while (length(cases) < 140) {
  kind <- kinds[length(cases) %% 7 + 1]
  i <- sample(2:5, 1); j <- sample(2:5, 1); n <- switch(kind, tiny = sample(6:15, 1), huge = 1e6, missing = 60, sample(50:500, 1))
  rho <- runif(1, -.9, .9)
  e <- min(n, 5000)
  z <- rnorm(e); y <- rho * z + sqrt(1 - rho^2) * rnorm(e)
  at <- function(x, k) factor(cut(x, c(-Inf, sort(rnorm(k - 1)), Inf), labels = FALSE), 1:k)
  x <- at(z, i); w <- at(y, j)
  if (kind == "missing") { x[runif(e) < .7] <- NA }
  t <- unclass(table(x, w)); dimnames(t) <- NULL
  if (kind == "huge") t <- round(t * 200)
  if (kind == "constant") t[-1, ] <- 0
  if (kind == "singular") { t[] <- 0; diag(t) <- rpois(min(i, j), 20) + 1 }
  u <- t[rowSums(t) > 0, colSums(t) > 0, drop = FALSE]
  set <- list(kind = kind, table = t, rho = "NaN", lo = "NaN", hi = "NaN", edge = FALSE)
  if (min(dim(u)) >= 2) {
    p <- u / sum(u)
    if (score(p, -.9999) <= 0 || score(p, .9999) >= 0) { if (kind != "singular") next; set$edge <- TRUE }
    else {
      r <- solve_rho(p); if (abs(r) > .97) next
      theirs <- suppressWarnings(polychor(u, ML = FALSE))
      stopifnot(abs(theirs - r) < 2e-3)
      d <- p
      for (a in 1:nrow(p)) for (b in 1:ncol(p)) if (p[a, b] > 0) {
        s <- 1e-4 * p[a, b]; q <- p; q[a, b] <- p[a, b] + s; up <- solve_rho(q, r, .01); q[a, b] <- p[a, b] - s; d[a, b] <- (up - solve_rho(q, r, .01)) / (2 * s)
      }
      se <- sqrt((sum(p * d^2) - sum(p * d)^2) / sum(u)) / (1 - r^2)
      set$rho <- r; set$lo <- tanh(atanh(r) - qnorm(.975) * se); set$hi <- tanh(atanh(r) + qnorm(.975) * se)
    }
  }
  cases[[length(cases) + 1]] <- set
}
save_lines(cases, "polychoric.jsonl")

# The bivariate normal distribution itself, from mvtnorm.
tails <- lapply(1:300, function(i) {
  r <- c(runif(1, -1, 1), sample(c(-1, 1), 1) * (1 - 10^runif(1, -8, -1)))[i %% 2 + 1]; h <- round(rnorm(1, 0, 2), 4); k <- if (i %% 5) round(rnorm(1, 0, 2), 4) else sign(r) * h + round(rnorm(1, 0, .01), 5)
  list(h = h, k = k, r = r, p = as.numeric(pmvnorm(c(h, k), c(Inf, Inf), corr = matrix(c(1, r, r, 1), 2))))
})
save_lines(tails, "bivariate.jsonl")
