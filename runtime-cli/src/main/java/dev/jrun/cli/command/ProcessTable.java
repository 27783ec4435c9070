// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import dev.jrun.container.HostProgram;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Selects from the output of ps(1) the title and the rows of certain processes, by the column PID. The length and
 * number of rows is up to the processes, so only what is needed to select a row is kept.
 */
final class ProcessTable implements HostProgram.Reader {

    private static final String COLUMN = "PID";

    private static final byte[] NEWLINE = {'\n'};

    /** No title is longer, in bytes. */
    private static final int LONGEST_TITLE = 64 << 10;

    /**
     * Nor what stands before the pid: a command line is at most a page short of 128 KiB, before it is made printable.
     */
    private static final int LONGEST_BEGINNING = 1 << 20;

    /** Takes the rows. */
    @FunctionalInterface
    interface Rows {
        void write(byte[] bytes, int from, int length) throws ContainerException, SessionBrokenException;
    }

    private enum Stage {
        TITLE,
        UNDECIDED,
        PRINTED,
        LEFT_OUT
    }

    private final Set<String> pids;
    private final Rows rows;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Stage stage = Stage.TITLE;
    private int column = -1;
    private boolean lineIsOpen;
    private String problem = "";

    ProcessTable(Collection<Integer> pids, Rows rows) {
        this.pids = Set.copyOf(pids.stream().map(String::valueOf).toList());
        this.rows = rows;
    }

    @Override
    public void read(byte[] piece) throws ContainerException, SessionBrokenException {
        int from = 0;
        while (from < piece.length) {
            int end = endOfLine(piece, from);
            lineIsOpen = true;
            add(piece, from, end - from);
            if (end < piece.length) {
                endLine();
                end++;
            }
            from = end;
        }
    }

    private static int endOfLine(byte[] piece, int from) {
        int end = from;
        while (end < piece.length && piece[end] != '\n') {
            end++;
        }
        return end;
    }

    private void add(byte[] piece, int from, int length) throws ContainerException, SessionBrokenException {
        switch (stage) {
            case TITLE -> line.write(piece, from, Math.min(length, LONGEST_TITLE - line.size()));
            case UNDECIDED -> {
                line.write(piece, from, length);
                decideIfThereIsAPid();
            }
            case PRINTED -> rows.write(piece, from, length);
            case LEFT_OUT -> {}
        }
    }

    private void decideIfThereIsAPid() throws ContainerException, SessionBrokenException {
        Optional<String> pid = pid();
        if (pid.isPresent()) {
            decide(pid.get());
        } else if (line.size() > LONGEST_BEGINNING) {
            decide("");
        }
    }

    /** The row's cell in the column, once it is known to be complete. */
    private Optional<String> pid() {
        String[] cells = line.toString(StandardCharsets.UTF_8).stripLeading().split("\\s+", column + 2);
        return cells.length > column + 1 ? Optional.of(cells[column]) : Optional.empty();
    }

    private void decide(String pid) throws ContainerException, SessionBrokenException {
        if (pids.contains(pid)) {
            stage = Stage.PRINTED;
            rows.write(line.toByteArray(), 0, line.size());
        } else {
            stage = Stage.LEFT_OUT;
            if (problem.isEmpty() && !isNumber(pid)) {
                problem = "unable to parse pid: \"" + pid + "\" in what ps prints";
            }
        }
        line.reset();
    }

    private static boolean isNumber(String cell) {
        return !cell.isEmpty() && cell.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private void endLine() throws ContainerException, SessionBrokenException {
        switch (stage) {
            case TITLE -> endTitle();
            case UNDECIDED -> {
                if (line.size() > 0) {
                    line.write('\n');
                    decide(pid().orElse(""));
                }
            }
            case PRINTED -> rows.write(NEWLINE, 0, NEWLINE.length);
            case LEFT_OUT -> {}
        }
        line.reset();
        lineIsOpen = false;
        stage = column < 0 ? Stage.LEFT_OUT : Stage.UNDECIDED;
    }

    private void endTitle() throws ContainerException, SessionBrokenException {
        String[] names = line.toString(StandardCharsets.UTF_8).strip().split("\\s+");
        column = List.of(names).indexOf(COLUMN);
        if (column >= 0) {
            line.write('\n');
            rows.write(line.toByteArray(), 0, line.size());
        }
    }

    /**
     * To be called when all is read.
     *
     * @throws CommandException if what was printed is no table in which processes can be found
     */
    void end() throws CommandException, ContainerException, SessionBrokenException {
        if (lineIsOpen) {
            endLine();
        }
        if (column < 0) {
            throw new CommandException("couldn't find PID field in ps output");
        }
        if (!problem.isEmpty()) {
            throw new CommandException(problem);
        }
    }
}
