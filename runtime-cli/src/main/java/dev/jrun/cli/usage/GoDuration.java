// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.UsageException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as Go's time.ParseDuration reads it, such as {@code 1.5s} or {@code 1h30m}. */
final class GoDuration {

    private static final Pattern WHOLE = Pattern.compile("[-+]?((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    /** The pattern takes a frame of the stack for each part; nobody writes as many. */
    private static final int LONGEST = 100;

    private static final String INTERVAL = "--interval";
    private static final String ALLOWED = "numbers with units (ns, us, ms, s, m, h), such as 500ms or 1m30s";
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /**
     * What {@code text} says; empty if it is none, or longer than Go's longest, 292 years, or of more than 100
     * characters.
     */
    static Optional<Duration> parse(String text) {
        if (text.equals("0") || text.equals("-0") || text.equals("+0")) {
            return Optional.of(Duration.ZERO);
        }
        if (text.length() > LONGEST || !WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        BigDecimal nanoseconds = BigDecimal.ZERO;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            nanoseconds = nanoseconds.add(new BigDecimal(parts.group(1)).multiply(unit(parts.group(2))));
        }
        if (nanoseconds.compareTo(MOST) > 0) {
            return Optional.empty();
        }
        Duration duration = Duration.ofNanos(nanoseconds.longValue());
        return Optional.of(text.startsWith("-") ? duration.negated() : duration);
    }

    /** What {@code --interval} says, which is more than 0. */
    static Duration interval(Invocation invocation, Duration otherwise) throws CommandException {
        if (!invocation.isSet(INTERVAL)) {
            return otherwise;
        }
        String text = invocation.option(INTERVAL, "");
        Duration interval = parse(text)
                .orElseThrow(() -> UsageException.of(
                        invocation.name(), "invalid value \"" + text + "\" for --interval; allowed: " + ALLOWED));
        if (interval.isNegative() || interval.isZero()) {
            throw new CommandException("duration interval must be greater than 0");
        }
        return interval;
    }

    private static BigDecimal unit(String name) {
        return BigDecimal.valueOf(
                switch (name) {
                    case "ns" -> 1;
                    case "ms" -> 1_000_000;
                    case "s" -> 1_000_000_000;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000;
                });
    }
}
