source("common.R")

# Fisher's exact test. R is exact to about 1e-7 for tables beyond 2 by 2.
out <- list()
while (length(out) < 240) {
  kind <- c("normal", "tiny", "zeros", "skewed", "response")[length(out) %% 5 + 1]
  two <- length(out) %% 2 == 0
  r <- if (two) 2 else sample(2:4, 1); k <- if (two) 2 else sample(2:5, 1)
  x <- if (kind == "response") { # respondents against the rest, as in a survey
    n <- rpois(k, 380 / k / ifelse(two, 1, 2)) + 2; a <- rbinom(k, n, runif(1, .3, .8)); r <- 2; rbind(a, n - a)
  } else matrix(if (kind == "normal" && r * k > 6) rpois(r * k, 4) else counts(kind, r * k), r)
  if (kind == "skewed" && r * k > 8) next
  y <- x[rowSums(x) > 0, colSums(x) > 0, drop = FALSE]
  if (min(dim(y)) < 2) next
  t <- try(fisher.test(y, workspace = 2e7, conf.int = FALSE), silent = TRUE)
  if (inherits(t, "try-error")) next
  dimnames(x) <- NULL
  out[[length(out) + 1]] <- list(table = x, p = t$p.value)
}
save_lines(out, "fisher.jsonl")
