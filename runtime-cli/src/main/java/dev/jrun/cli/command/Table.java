// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import java.util.List;

/** Text in columns: at least 12 wide, 3 apart, the last one as it is. So does runc, with Go's text/tabwriter. */
final class Table {

    private static final int LEAST = 12;
    private static final int APART = 3;

    private Table() {}

    /** The rows, which all have as many cells as the first. */
    static String text(List<List<String>> rows) {
        int last = rows.getFirst().size() - 1;
        int[] widths = new int[last];
        for (int column = 0; column < last; column++) {
            widths[column] = LEAST;
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], length(row.get(column)) + APART);
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
