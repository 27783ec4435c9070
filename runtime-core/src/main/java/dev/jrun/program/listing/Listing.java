// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Machine;
import dev.jrun.program.Address;
import dev.jrun.program.Instruction;
import dev.jrun.program.Instruction.Attempts;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Policy;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Then;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Quoted;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * A program for people to read: an instruction a line in the manner of strace(1), above each group of them a comment
 * that says why it is there.
 *
 * <pre>
 * # config.json#/mounts/1: mount tmpfs on /dev
 *  210  context = fsopen("tmpfs", FSOPEN_CLOEXEC)
 *  211  fsconfig(context, FSCONFIG_SET_STRING, "source", "tmpfs", aux=0)
 * </pre>
 */
public final class Listing {

    private final Program program;
    private final IntFunction<String> tags;
    private final ArgumentText arguments;
    private final Map<Integer, List<Label>> labels = new HashMap<>();
    private final Set<Integer> fileTypes = new HashSet<>();

    /**
     * @param machine whose flags the program uses, where they differ
     * @param tags the names of what {@link Instruction.Yield} reports
     */
    public Listing(Program program, Machine machine, IntFunction<String> tags) {
        this.program = program;
        this.tags = tags;
        this.arguments = new ArgumentText(new Memory(program), new Signatures(machine));
        program.labels()
                .forEach(label -> labels.computeIfAbsent(label.index(), unseen -> new ArrayList<>())
                        .add(label));
        labels.values().forEach(group -> group.sort(Comparator.comparing(Label::name)));
    }

    /** The whole program. */
    public String text() {
        return text(0, program.instructions().size());
    }

    /** The instructions from {@code start} to before {@code end}. */
    public String text(int start, int end) {
        var text = new StringBuilder();
        String last = "";
        for (int i = start; i < end; i++) {
            String source = program.source(i).toString();
            if (!source.equals(last)) {
                text.append(text.isEmpty() ? "# " : "\n# ").append(Quoted.escape(source));
                text.append('\n');
                last = source;
            }
            for (Label label : labels.getOrDefault(i, List.of())) {
                text.append(label).append(":\n");
            }
            text.append("%5d  ".formatted(i)).append(line(i)).append('\n');
        }
        return text.toString();
    }

    /** Instruction {@code index} alone. */
    public String line(int index) {
        Instruction instruction = program.instructions().get(index);
        String line = describe(instruction);
        noteFileType(instruction);
        return line;
    }

    private String describe(Instruction instruction) {
        return switch (instruction) {
            case Instruction.SystemCall call -> systemCall(call);
            case Instruction.Move(Register result, Operand value) -> result + " = " + operand(value);
            case Instruction.Compute(Register result, Operand left, Operation operation, Operand right) ->
                result + " = " + operand(left) + ' ' + operation.sign() + ' ' + mask(operation, right);
            case Instruction.Load(Register result, Width width, Address place, Operand index) ->
                result + " = " + number(width, place, index);
            case Instruction.Store(Width width, Address place, Register index, Operand.Constant(long value)) ->
                number(width, place, index) + " = " + text(width, value);
            case Instruction.Store(Width width, Address place, Operand index, Operand value) ->
                number(width, place, index) + " = " + operand(value);
            case Instruction.FormatDecimal(Optional<Register> digits, Address place, Operand value) ->
                assigned(digits) + "decimal(" + arguments.buffer(place) + ", " + operand(value) + ")";
            case Instruction.Branch(Operand left, Condition condition, Operand right, Label target) ->
                branch(left, condition, right) + goTo(target);
            case Instruction.OnFail(Optional<Label> target) ->
                "on failure " + target.map(this::goTo).orElse("end the program");
            case Instruction.Yield yield -> report(yield);
            case Instruction.Hold() -> "wait for the engine";
            case Instruction.Supervise(Register status, Operand pid) -> status + " = supervise(" + operand(pid) + ")";
            case Instruction.Relay relay -> relay(relay);
            case Instruction.Exit(Operand code) -> "exit with code " + operand(code);
            case Instruction.End() -> "end of the program";
            case Instruction.Ready() -> "end of the program, as another executable";
            case Instruction.Adopt(Register error, Operand copy) -> error + " = adopt(" + operand(copy) + ")";
            case Instruction.Fail(Operand errno) -> "fail with " + failure(errno);
        };
    }

    private String relay(Instruction.Relay relay) {
        return relay.status() + " = relay(" + operand(relay.pid()) + ", master=" + operand(relay.master()) + ", input="
                + operand(relay.input()) + ", output=" + operand(relay.output()) + ", size of "
                + operand(relay.terminal()) + ")";
    }

    private String failure(Operand errno) {
        return errno instanceof Operand.Constant(long number)
                ? Errno.of((int) number).toString()
                : operand(errno);
    }

    private String systemCall(Instruction.SystemCall call) {
        return assigned(call.result()) + call.call().callName() + "(" + arguments.of(call) + ")"
                + (call.attempts() == Attempts.RETRY ? "  retrying EAGAIN, EINTR" : "")
                + switch (call.policy()) {
                    case Policy.Fail() -> "";
                    case Policy.Ignore(List<Errno> errnos) ->
                        "  ignoring " + (errnos.isEmpty() ? "every error" : join(errnos));
                    case Policy.Branch(List<Errno> errnos, Label target) ->
                        "  on " + (errnos.isEmpty() ? "any error" : join(errnos)) + " " + goTo(target);
                };
    }

    private static String join(List<Errno> errnos) {
        return errnos.stream().map(Errno::name).collect(Collectors.joining(", "));
    }

    private static String assigned(Optional<Register> result) {
        return result.map(register -> register + " = ").orElse("");
    }

    private String number(Width width, Address place, Operand index) {
        String shift = index instanceof Operand.Constant(long value) && value == 0 ? "" : " + " + operand(index);
        return "u" + 8 * width.bytes() + " at " + arguments.buffer(place) + shift;
    }

    /** What is stored behind the digits of a number is text. */
    private static String text(Width width, long value) {
        byte[] bytes = new byte[width.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return Quoted.text(new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\x00+$", ""));
    }

    private String branch(Operand left, Condition condition, Operand right) {
        if (condition == Condition.ALWAYS) {
            return "";
        }
        String compared = left instanceof Register register
                        && fileTypes.contains(register.number())
                        && right instanceof Operand.Constant(long type)
                ? ArgumentText.fileType(type)
                : operand(right);
        return "if " + operand(left) + ' ' + condition.sign() + ' ' + compared + " ";
    }

    private String goTo(Label target) {
        return "go to " + program.index(target) + " (" + target + ")";
    }

    private String report(Instruction.Yield yield) {
        List<String> reported = new ArrayList<>();
        for (Register register : yield.registers()) {
            reported.add(register.name());
        }
        yield.first().ifPresent(range -> reported.add(range(range)));
        yield.second().ifPresent(range -> reported.add(range(range)));
        return (yield.then() == Then.WAIT ? "ask " : "tell ")
                + tags.apply(yield.tag())
                + (reported.isEmpty() ? "" : ": " + String.join(", ", reported));
    }

    private String range(Range range) {
        return operand(range.length()) + " bytes of " + arguments.buffer(range.place());
    }

    /** A small negative number is an errno, as system calls return them. */
    private String operand(Operand operand) {
        if (operand instanceof Operand.Constant(long value) && value < 0 && value > -134) {
            for (Errno errno : Errno.values()) {
                if (errno.number() == -value) {
                    return "-" + errno;
                }
            }
        }
        return arguments.plain(operand);
    }

    private String mask(Operation operation, Operand right) {
        boolean isMask = operation == Operation.AND || operation == Operation.OR;
        if (isMask && right instanceof Operand.Constant(long value)) {
            return value == FileMode.S_IFMT ? "S_IFMT" : "0x" + Long.toHexString(value);
        }
        return operand(right);
    }

    /** Remembers which registers hold a file type, so that what they are compared with can be named. */
    private void noteFileType(Instruction instruction) {
        switch (instruction) {
            case Instruction.Compute(Register result, Operand _, Operation operation, Operand.Constant(long mask))
            when operation == Operation.AND && mask == FileMode.S_IFMT -> fileTypes.add(result.number());
            case Instruction.Compute compute ->
                fileTypes.remove(compute.result().number());
            case Instruction.Move move -> fileTypes.remove(move.result().number());
            case Instruction.Load load -> fileTypes.remove(load.result().number());
            case Instruction.SystemCall call -> call.result().ifPresent(result -> fileTypes.remove(result.number()));
            case Instruction.FormatDecimal format ->
                format.digits().ifPresent(digits -> fileTypes.remove(digits.number()));
            case Instruction.Relay relay -> fileTypes.remove(relay.status().number());
            case Instruction.Supervise supervise ->
                fileTypes.remove(supervise.status().number());
            case Instruction.Adopt adopt -> fileTypes.remove(adopt.error().number());
            case Instruction.Store _,
                    Instruction.Branch _,
                    Instruction.OnFail _,
                    Instruction.Yield _,
                    Instruction.Hold _,
                    Instruction.Exit _,
                    Instruction.End _,
                    Instruction.Ready _,
                    Instruction.Fail _ -> {}
        }
    }
}
