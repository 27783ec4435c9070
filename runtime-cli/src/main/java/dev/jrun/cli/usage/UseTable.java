// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cli.command.Table;
import dev.jrun.container.lifecycle.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How containers use the machine, in columns: as many as there is room for, the first ones in any case. */
final class UseTable {

    private static final List<String> HEADING =
            List.of("ID", "CPU %", "MEMORY / LIMIT", "PIDS / LIMIT", "READ/s", "WRITE/s", "STALL % CPU MEM I/O");
    private static final int APART = 2;
    private static final int LEAST_COLUMNS = 3;
    private static final int LEAST_ID = 12;
    private static final String UNKNOWN = "-";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int UNIT = 1024;
    private static final int THREE_DIGITS = 100;
    private static final int TWO_DIGITS = 10;

    private UseTable() {}

    /**
     * The lines of the table, the first of which is a heading.
     *
     * @param width in characters; 0: as much as they need
     */
    static List<String> lines(List<Use> uses, int width) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADING);
        for (Use use : uses) {
            rows.add(row(use));
        }
        return Table.text(width == 0 ? rows : fit(uses, rows, width), 0, APART)
                .lines()
                .map(String::stripTrailing)
                .toList();
    }

    private static List<String> row(Use use) {
        return List.of(
                use.id() + status(use),
                percent(use.cpuPercent()),
                ofLimit(amount(use.now().memory()), amount(use.now().memoryLimit())),
                ofLimit(number(use.now().pids()), number(use.now().pidsLimit())),
                rate(use.readRate()),
                rate(use.writeRate()),
                percent(use.now().cpuStall()) + " "
                        + percent(use.now().memoryStall()) + " "
                        + percent(use.now().ioStall()));
    }

    /** Leaves out the last columns, and then shortens ids, so that lines are not broken. */
    private static List<List<String>> fit(List<Use> uses, List<List<String>> rows, int width) {
        int columns = HEADING.size();
        while (columns > LEAST_COLUMNS && widthWithoutIds(rows, columns) + LEAST_ID > width) {
            columns--;
        }
        int id = Math.max(LEAST_ID, width - widthWithoutIds(rows, columns));
        List<List<String>> fitted = new ArrayList<>();
        fitted.add(rows.getFirst().subList(0, columns));
        for (int i = 0; i < uses.size(); i++) {
            Use use = uses.get(i);
            List<String> cells = new ArrayList<>(rows.get(i + 1).subList(0, columns));
            String status = status(use);
            cells.set(0, Screen.fit(use.id(), id - status.length()) + status);
            fitted.add(cells);
        }
        return fitted;
    }

    /** What stands behind the id of one that does not run, however short that is. */
    private static String status(Use use) {
        Status status = use.now().status();
        return status == Status.RUNNING ? "" : " (" + status.specName() + ")";
    }

    private static int widthWithoutIds(List<List<String>> rows, int columns) {
        int width = 0;
        for (int column = 1; column < columns; column++) {
            int widest = 0;
            for (List<String> row : rows) {
                widest = Math.max(widest, row.get(column).length());
            }
            width += APART + widest;
        }
        return width;
    }

    private static String ofLimit(String used, String limit) {
        return used + " / " + limit;
    }

    private static String percent(OptionalDouble percent) {
        return percent.isPresent() ? String.format(Locale.ROOT, "%.1f", percent.getAsDouble()) : UNKNOWN;
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : UNKNOWN;
    }

    private static String rate(OptionalDouble bytes) {
        return bytes.isPresent() ? amount(bytes.getAsDouble()) : UNKNOWN;
    }

    private static String amount(OptionalLong bytes) {
        return bytes.isPresent() ? amount(bytes.getAsLong()) : UNKNOWN;
    }

    /** With three digits, as {@code docker stats} has it. */
    static String amount(double bytes) {
        int unit = 0;
        double amount = bytes;
        while (amount >= UNIT && unit < UNITS.length - 1) {
            amount /= UNIT;
            unit++;
        }
        String format = unit == 0 || amount >= THREE_DIGITS ? "%.0f" : amount >= TWO_DIGITS ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, amount) + UNITS[unit];
    }
}
