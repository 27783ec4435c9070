// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was meant. */
public final class Spelling {
    /** Longer names are not compared; nothing that is looked for is that long. */
    private static final int MAX_LENGTH = 64;

    private Spelling() {}

    /**
     * The nearest of these names, if it takes at most two mistakes to make this name of it, or fewer if it is short.
     */
    public static Optional<String> nearest(String name, Collection<String> names) {
        return nearest(name, names, Math.min(2, name.length() / 3));
    }

    /** The nearest of these names, if it takes at most so many mistakes to make this name of it. */
    static Optional<String> nearest(String name, Collection<String> names, int mistakes) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Optional<String> nearest = Optional.empty();
        int least = mistakes + 1;
        for (String candidate : names) {
            if (Math.abs(candidate.length() - name.length()) < least && mayBeWithin(mistakes, name, candidate)) {
                int distance = distance(name, candidate);
                if (distance < least) {
                    least = distance;
                    nearest = Optional.of(candidate);
                }
            }
        }
        return nearest;
    }

    /**
     * Whether it is worth a closer look. A single mistake, wherever it is, is in at most two letters; what is before
     * and behind them is the same.
     */
    private static boolean mayBeWithin(int mistakes, String name, String candidate) {
        int rest = Math.min(name.length(), candidate.length());
        for (int i = 0; rest > 0 && sameLetter(name.charAt(i), candidate.charAt(i)); i++) {
            rest--;
        }
        for (int i = 1;
                rest > 0 && sameLetter(name.charAt(name.length() - i), candidate.charAt(candidate.length() - i));
                i++) {
            rest--;
        }
        return mistakes > 1 || rest <= 2;
    }

    private static boolean sameLetter(char left, char right) {
        return Character.toLowerCase(left) == Character.toLowerCase(right);
    }

    /**
     * Least number of letters to insert, delete, change or swap with their neighbour (the restricted
     * Damerau–Levenshtein distance), without regard to case.
     */
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] best = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    best[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                best[i][j] = Math.min(best[i - 1][j - 1] + change, 1 + Math.min(best[i - 1][j], best[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best[i][j] = Math.min(best[i][j], best[i - 2][j - 2] + 1);
                }
            }
        }
        return best[a.length()][b.length()];
    }
}
