// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.Call;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.EngineStatus;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Instruction;
import dev.jrun.program.Operand;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** Keeps the programs that a call sends, and gives the reports that a test has prepared. */
public final class RecordedSession implements Session, EngineControl {

    private final List<Program> programs = new ArrayList<>();
    private final Queue<Report> reports = new ArrayDeque<>();
    private boolean stopped;

    /** What a shim says before {@code Finished} where every system call that is tried complains of a bad descriptor. */
    public static Report allSystemCalls() {
        return systemCallsThatFailWith(Errno.EBADF);
    }

    public static Report systemCallsThatFailWith(Errno errno) {
        Map<Integer, Long> registers = new HashMap<>();
        for (int i = 0; i <= NewerCall.values().length; i++) {
            registers.put(i, (long) -errno.number());
        }
        return new Report.Yielded(Tag.KERNEL.ordinal(), registers, List.of());
    }

    /** Makes a call in the directory {@code /} of process 1, whose reports are these. */
    public static RecordedSession call(List<String> arguments, Report... reports) throws Exception {
        return call(arguments, Map.of(), reports);
    }

    public static RecordedSession call(List<String> arguments, Map<String, String> environment, Report... reports)
            throws Exception {
        var session = new RecordedSession();
        session.reports.addAll(List.of(reports));
        int pid = (int) ProcessHandle.current().pid();
        var call = new Call(pid, 022, 0, 0, 0, "/opt/jrun", "b1", "/", arguments, environment);
        new Cli().understand(call).perform(session, session);
        return session;
    }

    @Override
    public void run(Program program) {
        programs.add(program);
    }

    @Override
    public void queue(Program program) {
        programs.add(program);
    }

    @Override
    public void forgetReports() {}

    @Override
    public void checkIsThere() {}

    @Override
    public Report await() throws SessionBrokenException {
        if (reports.isEmpty()) {
            throw new SessionBrokenException("no report was prepared");
        }
        return reports.remove();
    }

    @Override
    public void go(int target, List<Patch> patches) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<EngineStatus> status() {
        return Optional.empty();
    }

    @Override
    public void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    List<Program> programs() {
        return programs;
    }

    /** Everything that the programs carry, text among it. */
    public String bytes() {
        var all = new StringBuilder();
        for (Program program : programs) {
            all.append(new String(program.encode(Machine.X86_64), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    /** The exit code that the last program starts with. */
    public int exitCode() {
        return switch (programs.getLast().instructions().getFirst()) {
            case Instruction.Move(Register _, Operand.Constant(long code)) -> (int) code;
            default -> throw new AssertionError("not the program that ends a call");
        };
    }
}
