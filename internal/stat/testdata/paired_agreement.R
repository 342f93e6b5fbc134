source("common.R")

# Categories of the same cases. Base R has mcnemar.test, psych cohen.kappa, which
# must give the same; Cochran's Q, Stuart-Maxwell and Krippendorff's alpha are
# written here from their definitions, on other routes than ours (DescTools and irr
# are not in Debian).
suppressMessages(library(psych))
kinds <- c("normal", "tiny", "zeros", "huge", "singular")
fill <- function(kind, k) {
  x <- matrix(switch(kind, normal = rpois(k * k, 12), tiny = rpois(k * k, 1), zeros = rpois(k * k, 6) * rbinom(k * k, 1, .5),
    huge = round(runif(k * k, 1e4, 1e6)), singular = rpois(k * k, 9)), k)
  if (kind == "singular") { x[1, -1] <- 0; x[-1, 1] <- 0 }
  if (runif(1) < .5) diag(x) <- diag(x) + 3 * max(x)
  x
}
inverse <- function(s) { e <- svd(s); keep <- e$d > 1e-9 * max(e$d); list(rank = sum(keep), g = e$v[, keep, drop = FALSE] %*% (t(e$u[, keep, drop = FALSE]) / e$d[keep])) }
square <- lapply(1:150, function(i) {
  kind <- kinds[i %% 5 + 1]; k <- if (i %% 3 == 0) 2 else sample(2:6, 1)
  x <- fill(kind, k); n <- sum(x)
  r <- rowSums(x); c <- colSums(x)
  d <- r - c; s <- -(x + t(x)); diag(s) <- r + c - 2 * diag(x)
  sm <- c(NaN, NaN, NaN)
  if (any(s != 0)) { v <- inverse(s); x2 <- drop(t(d) %*% v$g %*% d); sm <- c(x2, v$rank, pchisq(x2, v$rank, lower.tail = FALSE)) }
  mc <- rep(NaN, 5)
  if (k == 2 && x[1, 2] + x[2, 1] > 0) {
    a <- mcnemar.test(x, correct = FALSE); b <- mcnemar.test(x)
    mc <- c(a$statistic, a$p.value, if (x[1, 2] == x[2, 1]) c(0, 1) else c(b$statistic, b$p.value), binom.test(x[1, 2], x[1, 2] + x[2, 1])$p.value)
  }
  ka <- rep(NaN, 4)
  po <- sum(diag(x)) / n; pe <- sum(r * c) / n^2
  if (n > 0 && pe < 1) {
    p <- x / n; pr <- r / n; pc <- c / n; kap <- (po - pe) / (1 - pe)
    A <- sum(diag(p) * (1 - (pr + pc) * (1 - kap))^2)
    B <- 0; for (u in 1:k) for (w in 1:k) if (u != w) B <- B + p[u, w] * (pc[u] + pr[w])^2
    v1 <- (A + (1 - kap)^2 * B - (kap - pe * (1 - kap))^2) / ((1 - pe)^2 * n)
    v0 <- (pe + pe^2 - sum(pr * pc * (pr + pc))) / ((1 - pe)^2 * n)
    theirs <- tryCatch(suppressWarnings(cohen.kappa(x, n.obs = n)), error = function(e) NULL)
    if (!is.null(theirs) && is.finite(theirs$kappa)) stopifnot(abs(theirs$kappa - kap) < 1e-9, abs(theirs$var.kappa - v1) < 1e-9)
    ka <- c(kap, sqrt(max(0, v1)), if (v0 > 0) kap / sqrt(v0) else NaN, if (v0 > 0) 2 * pnorm(-abs(kap / sqrt(v0))) else NaN)
  }
  list(table = x, sm = one(sm), mc = one(mc), kappa = one(ka))
})
save_lines(square, "square.jsonl")

cochran <- lapply(1:120, function(i) {
  k <- sample(2:6, 1); n <- c(1, 3, 30, 200)[i %% 4 + 1]
  x <- matrix(rbinom(n * k, 1, rep(runif(k), each = n)), n)
  if (i %% 7 == 0) x[] <- 1
  y <- x; if (i %% 3 == 0) y[runif(n * k) < .1] <- NA
  z <- y[complete.cases(y), , drop = FALSE]
  b <- colSums(z); r <- rowSums(z)
  q <- (k - 1) * (k * sum(b^2) - sum(b)^2) / (k * sum(r) - sum(r^2))
  y[is.na(y)] <- NaN
  list(columns = lapply(1:k, function(j) one(y[, j])), q = q, p = pchisq(q, k - 1, lower.tail = FALSE),
    effect = one(if (is.nan(q)) rep(NaN, 3) else c(q / (nrow(z) * (k - 1)), of_chi(q, k - 1, nrow(z) * (k - 1)))))
})
save_lines(cochran, "cochran.jsonl")

# alpha from its matrix of coincidences
alpha <- function(m, delta) {
  v <- sort(unique(m[!is.na(m)])); o <- matrix(0, length(v), length(v))
  for (u in seq_len(ncol(m))) { c <- match(m[!is.na(m[, u]), u], v); if (length(c) > 1) for (a in seq_along(c)) for (b in seq_along(c)) if (a != b) o[c[a], c[b]] <- o[c[a], c[b]] + 1 / (length(c) - 1) }
  n <- rowSums(o); d <- outer(seq_along(v), seq_along(v), Vectorize(function(i, j) delta(i, j, v, n)))
  1 - sum(o * d) * (sum(n) - 1) / sum(outer(n, n) * d)
}
nominal <- function(i, j, v, n) i != j
interval <- function(i, j, v, n) (v[i] - v[j])^2
ordinal <- function(i, j, v, n) (sum(n[i:j]) - (n[i] + n[j]) / 2)^2
kripp <- lapply(1:120, function(i) {
  r <- sample(2:5, 1); u <- c(2, 8, 30, 80)[i %% 4 + 1]; k <- sample(1:6, 1)
  truth <- sample(k, u, TRUE)
  m <- t(replicate(r, ifelse(runif(u) < .6, truth, sample(k, u, TRUE))))
  m <- matrix(m, r) * c(1, 10^6)[i %% 2 + 1]
  if (i %% 3) m[runif(r * u) < .3] <- NA
  x <- m; x[is.na(x)] <- NaN
  paired <- m[, colSums(!is.na(m)) > 1, drop = FALSE]; units <- ncol(paired)
  jack <- function(delta) { # without one unit at a time
    if (units < 2) return(c(NaN, NaN))
    a <- sapply(1:units, function(u) alpha(paired[, -u, drop = FALSE], delta))
    se <- sqrt((units - 1) / units * sum((a - mean(a))^2)); if (is.na(se)) return(c(NaN, NaN))
    h <- qt(.975, units - 1) * se; e <- alpha(m, delta); c(e - h, min(1, e + h))
  }
  list(intervals = lapply(list(nominal, ordinal, interval), function(d) one(jack(d))), ratings = lapply(1:r, function(j) one(x[j, ])), alpha = one(c(alpha(m, nominal), alpha(m, ordinal), alpha(m, interval))))
})
save_lines(kripp, "krippendorff.jsonl")

# The interval of V from the noncentral chi-square distribution.
v <- lapply(1:110, function(i) {
  r <- sample(2:5, 1); k <- sample(2:5, 1)
  x <- matrix(rpois(r * k, sample(c(6, 30, 400), 1) * runif(r * k, .3, 1.7)) + 1, r)
  t <- chisq.test(x, correct = FALSE); x2 <- t$statistic[[1]]; cdf <- function(l) pchisq(x2, (r - 1) * (k - 1), ncp = l)
  s <- sum(x) * (min(r, k) - 1)
  l <- sqrt(possible(cdf) / s)
  list(table = x, lo = l[1], hi = min(1, l[2]))
})
save_lines(v, "v_interval.jsonl")
