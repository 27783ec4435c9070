// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.update;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;

/** A number of bytes as people write it, such as {@code 512m} or {@code 1.5 GiB}: what runc, Docker and Podman take. */
final class ByteSize {

    private static final String UNLIMITED = "-1";

    /** Each is 1024 of the one before it. */
    private static final String UNITS = "bkmgtp";

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final int DOUBLINGS = 10;

    private ByteSize() {}

    /** How many these are; −1: no limit. Empty if it is no size. */
    static OptionalLong parse(String text) {
        if (text.equals(UNLIMITED)) {
            return OptionalLong.of(-1);
        }
        int end = endOfNumber(text);
        if (!text.substring(0, end).matches("[0-9]+\\.?[0-9]*|\\.[0-9]+")) {
            return OptionalLong.empty();
        }
        int unit = unit(text.substring(text.startsWith(" ", end) ? end + 1 : end));
        if (unit < 0) {
            return OptionalLong.empty();
        }
        BigDecimal bytes = new BigDecimal(text.substring(0, end))
                .multiply(BigDecimal.valueOf(1L << DOUBLINGS * unit))
                .setScale(0, RoundingMode.DOWN);
        return bytes.compareTo(MOST) > 0 ? OptionalLong.empty() : OptionalLong.of(bytes.longValueExact());
    }

    private static int endOfNumber(String text) {
        int end = 0;
        while (end < text.length() && (Character.digit(text.charAt(end), 10) >= 0 || text.charAt(end) == '.')) {
            end++;
        }
        return end;
    }

    /** Which of them it is; −1 if none. */
    private static int unit(String suffix) {
        if (suffix.isEmpty()) {
            return 0;
        }
        String lower = suffix.toLowerCase(Locale.ROOT);
        int unit = UNITS.indexOf(lower.charAt(0));
        String rest = lower.substring(1);
        boolean complete = rest.isEmpty() || unit > 0 && (rest.equals("b") || rest.equals("ib"));
        return complete ? unit : -1;
    }
}
