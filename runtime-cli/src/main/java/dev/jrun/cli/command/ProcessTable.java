// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;

/** Of what ps(1) prints, the title and the lines of certain processes: those that have one of certain numbers in the column PID. */
final class ProcessTable {

    private static final String COLUMN = "PID";

    /** More of what ps says in place of a table helps nobody. */
    private static final int LONGEST_BEGINNING = 4096;

    private final Set<String> pids;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder beginning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private int column = -1;
    private String problem = "";
    private boolean titled;

    ProcessTable(Collection<Integer> pids) {
        this.pids = Set.copyOf(pids.stream().map(String::valueOf).toList());
    }

    /** Adds what is printed next. */
    void add(byte[] piece) {
        for (byte b : piece) {
            if (b == '\n') {
                endLine();
            } else {
                line.write(b);
            }
        }
    }

    private void endLine() {
        String ended = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (beginning.length() < LONGEST_BEGINNING) {
            beginning.append(ended).append('\n');
        }
        if (!titled) {
            titled = true;
            column = columnOf(ended);
            text.append(ended).append('\n');
        } else if (column >= 0 && !ended.isEmpty()) {
            addProcess(ended);
        }
    }

    private static int columnOf(String title) {
        String[] names = title.strip().split("\\s+");
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(COLUMN)) {
                return i;
            }
        }
        return -1;
    }

    private void addProcess(String row) {
        String[] cells = row.strip().split("\\s+", column + 2);
        String pid = cells.length > column ? cells[column] : "";
        if (pids.contains(pid)) {
            text.append(row).append('\n');
        } else if (problem.isEmpty() && !isNumber(pid)) {
            problem = "unable to parse pid: \"" + pid + "\" in what ps prints";
        }
    }

    private static boolean isNumber(String cell) {
        return !cell.isEmpty() && cell.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether nothing was printed. */
    boolean isEmpty() {
        return beginning.isEmpty() && line.size() == 0;
    }

    /** The first lines, whatever they are. */
    String beginning() {
        return beginning + line.toString(StandardCharsets.UTF_8);
    }

    /**
     * The table.
     *
     * @throws CommandException if what was printed is none in which processes can be found
     */
    String text() throws CommandException {
        if (line.size() > 0) {
            endLine();
        }
        if (column < 0) {
            throw new CommandException("couldn't find PID field in ps output");
        }
        if (!problem.isEmpty()) {
            throw new CommandException(problem);
        }
        return text.toString();
    }
}
