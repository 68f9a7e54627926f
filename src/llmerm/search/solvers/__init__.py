"""Solvers: each fits the constants of one family of programs."""
