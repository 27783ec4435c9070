// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import java.util.List;

/** Text in columns, the last one as it is. */
public final class Table {

    private static final int LEAST = 12;
    private static final int APART = 3;

    private Table() {}

    /**
     * The rows, which all have as many cells as the first, in columns as runc has them, with Go's text/tabwriter: at
     * least 12 wide, 3 apart.
     */
    static String text(List<List<String>> rows) {
        return text(rows, LEAST, APART);
    }

    /**
     * The rows.
     *
     * @param least how wide a column is at least, with what is between it and the next
     * @param apart how much of that is between them, at least
     */
    public static String text(List<List<String>> rows, int least, int apart) {
        int last = rows.getFirst().size() - 1;
        int[] widths = new int[last];
        for (int column = 0; column < last; column++) {
            widths[column] = least;
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], length(row.get(column)) + apart);
            }
        }
        var text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < last; column++) {
                String cell = row.get(column);
                text.append(cell).repeat(' ', widths[column] - length(cell));
            }
            text.append(row.get(last)).append('\n');
        }
        return text.toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
