source("common.R")

# Main effects of categories and a number, on grouped trials and on cases.
out <- list()
while (length(out) < 130) {
  i <- length(out)
  n <- switch(i %% 4 + 1, sample(8:14, 1), sample(15:30, 1), sample(20:40, 1), sample(10:20, 1))
  m <- switch(i %% 4 + 1, rpois(n, 12) + 1, rpois(n, 3), rep(1, n), round(runif(n, 1e4, 1e6)))
  levels <- sample(2:4, 1)
  g <- sample(seq_len(levels), n, replace = TRUE)
  x <- sapply(seq_len(levels)[-1], function(l) as.numeric(g == l))
  x <- cbind(x, round(rnorm(n, sample(c(0, 50), 1), 2), 3))
  if (i %% 6 == 0) x <- cbind(x, 1 - rowSums(x[, seq_len(levels - 1), drop = FALSE])) # follows from the others
  eta <- rnorm(1, .3) + x %*% c(rnorm(levels - 1), .3, if (i %% 6 == 0) 0)
  eta <- eta - mean(eta)
  y <- rbinom(n, m, plogis(eta))
  if (i %% 10 == 3) y[g == levels] <- m[g == levels] # quasi-separation
  if (sum(y) == 0 || sum(y) == sum(m)) next
  # glm looks for columns that follow from others with a thousandth of epsilon
  f <- glm(cbind(y, m - y) ~ x, family = binomial, control = list(epsilon = 1e-11, maxit = 100))
  use <- !is.na(coef(f)); xs <- cbind(1, x)[, use]; p <- fitted(f)
  # vcov(f) is of the weights of the last but one round; this is of the last
  v <- try(solve(crossprod(xs * sqrt(m * p * (1 - p)))), silent = TRUE); if (inherits(v, "try-error")) v <- matrix(NaN, sum(use), sum(use))
  p_se <- p * (1 - p) * sqrt(rowSums((xs %*% v) * xs))
  # that many rounds drive a probability that has a limit of 0 or 1 there
  separated <- any(pmin(p, 1 - p) < 1e-9)
  if (!f$converged && !separated) next
  null <- glm(cbind(y, m - y) ~ 1, family = binomial, control = list(epsilon = 1e-11, maxit = 100))
  if (f$deviance > null$deviance) next # glm, which has no step halving here, ran away
  se <- rep(NaN, length(coef(f))); se[use] <- sqrt(diag(v))
  co <- coef(f); co[is.na(co)] <- NaN
  out[[i + 1]] <- list(y = one(y), m = one(m), x = x, coef = one(unname(co)), se = one(se), fitted = one(unname(p)), fitted_se = one(unname(p_se)),
    lr = null$deviance - f$deviance, df = f$rank - 1, separated = separated)
}
save_lines(out, "logistic.jsonl")
