# KMO, Bartlett's sphericity, eigenvalues, and principal axis factors with varimax
# of made-up answers. Without psych: KMO and the axes are written out; varimax is
# that of stats, with its tolerance as small as it goes.
source("common.R")

axes <- function(r, m) {
  h <- 1 - 1 / diag(solve(r))
  for (i in 1:2000) {
    diag(r) <- h
    e <- eigen(r, symmetric = TRUE)
    l <- e$vectors[, 1:m, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:m], 0)), m)
    n <- rowSums(l^2)
    if (any(n >= 1.5)) return(NULL)
    if (max(abs(n - h)) < 1e-12) return(l)
    h <- n
  }
  NULL
}
point <- function(l) l %*% diag(ifelse(colSums(l) < 0, -1, 1), ncol(l))

cases <- list()
while (length(cases) < 120) {
  i <- length(cases)
  kind <- c("normal", "tied", "missing", "small", "huge")[i %% 5 + 1]
  k <- sample(4:9, 1); n <- if (kind == "small") sample(15:25, 1) else sample(60:160, 1)
  m <- i %% 2 + 1
  f <- matrix(rnorm(n * m), n)
  x <- sapply(1:k, function(j) f[, (j - 1) %% m + 1] * runif(1, .6, 1.4) + rnorm(n))
  if (kind %in% c("tied", "missing", "small")) x <- matrix(pmin(5, pmax(1, round(3 + x))), n)
  if (kind == "huge") x <- x * 1e7 + 1e8
  if (kind == "missing") x[sample(length(x), 12)] <- NA
  whole <- x[complete.cases(x), ]
  r <- suppressWarnings(cor(whole)); N <- nrow(whole)
  if (any(is.na(r)) || min(eigen(r)$values) < 1e-6) next
  l <- axes(r, m); if (is.null(l)) next
  if (m > 1) l <- unclass(varimax(l, normalize = TRUE, eps = 1e-15)$loadings)
  l <- point(l); l <- l[, order(-colSums(l^2)), drop = FALSE]
  s <- solve(r); q <- s / sqrt(outer(diag(s), diag(s))); diag(q) <- 0; o <- r; diag(o) <- 0
  stat <- -(N - 1 - (2 * k + 5) / 6) * log(det(r))
  x[is.na(x)] <- NaN
  cases[[length(cases) + 1]] <- list(columns = lapply(1:k, function(j) one(x[, j])), n = N, factors = m, kmo = sum(o^2) / (sum(o^2) + sum(q^2)),
    kmo_items = one(rowSums(o^2) / (rowSums(o^2) + rowSums(q^2))), bartlett = stat, df = k * (k - 1) / 2, p = pchisq(stat, k * (k - 1) / 2, lower.tail = FALSE),
    eigenvalues = one(eigen(r)$values), loadings = lapply(1:k, function(j) one(l[j, ])))
}
save_lines(cases, "factor.jsonl")
