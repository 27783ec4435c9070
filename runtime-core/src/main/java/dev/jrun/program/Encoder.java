// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.program.Instruction.Policy;
import dev.jrun.program.Instruction.Range;
import java.util.List;

/** Writes a program in the form that the shim reads ({@code docs/launch-programs.md}). */
final class Encoder {

    private static final Operand ZERO = Operand.value(0);

    private static final int RESULT = 1;
    private static final int POLICY = 2;
    private static final int MODE = 3;
    private static final int KINDS = 4;
    private static final int SYSCALL = 6;
    private static final int ERRNOS = 8;
    private static final int TARGET = 12;
    private static final int OPERANDS = 16;

    private final Program program;
    private final Image image;
    private final Machine machine;
    private final LittleEndian out;
    private int at;

    Encoder(Program program, Machine machine) {
        this.program = program;
        this.image = program.image();
        this.machine = machine;
        int size = Format.HEADER_SIZE
                + program.instructions().size() * Format.INSTRUCTION_SIZE
                + image.relocations().size() * Integer.BYTES
                + image.dataSize();
        this.out = new LittleEndian(new byte[size]);
    }

    byte[] encode() {
        out.putInt(0, Format.MAGIC);
        out.putInt(4, program.isRetryable() ? Format.FLAG_RETRYABLE : 0);
        out.putInt(8, program.instructions().size());
        out.putInt(12, image.relocations().size());
        out.putInt(16, image.dataSize());
        out.putInt(20, image.size());
        at = Format.HEADER_SIZE;
        List<Instruction> instructions = program.instructions();
        for (int i = 0; i < instructions.size(); i++) {
            encode(instructions.get(i));
            at += Format.INSTRUCTION_SIZE;
        }
        for (Image.Relocation relocation : image.relocations()) {
            out.putInt(at, relocation.offset());
            at += Integer.BYTES;
        }
        image.copyData(out.bytes(), at);
        return out.bytes();
    }

    /**
     * The most frequent kinds come first. This is on the way of every call, where a switch over types would be linked at run
     * time, outside of the AOT cache.
     */
    private void encode(Instruction instruction) {
        if (instruction instanceof Instruction.SystemCall call) {
            encodeCall(call);
        } else if (instruction instanceof Instruction.Branch branch) {
            put(Format.OP_BRANCH, null, branch.condition().ordinal(), program.index(branch.target()));
            operands(branch.left(), branch.right());
        } else if (instruction instanceof Instruction.Move move) {
            put(Format.OP_MOVE, move.result(), 0, 0);
            operands(move.value());
        } else if (instruction instanceof Instruction.Compute compute) {
            put(Format.OP_ALU, compute.result(), compute.operation().ordinal(), 0);
            operands(compute.left(), compute.right());
        } else if (instruction instanceof Instruction.Load load) {
            put(Format.OP_LOAD, load.result(), load.width().bytes(), 0);
            operands(offset(load.place()), load.index());
        } else if (instruction instanceof Instruction.Store store) {
            put(Format.OP_STORE, null, store.width().bytes(), 0);
            operands(offset(store.place()), store.index(), store.value());
        } else if (instruction instanceof Instruction.FormatDecimal format) {
            put(Format.OP_FORMAT, format.digits().orElse(null), 0, 0);
            operands(offset(format.place()), ZERO, format.value());
        } else if (instruction instanceof Instruction.OnFail handler) {
            put(
                    Format.OP_ONFAIL,
                    null,
                    0,
                    handler.target().isPresent()
                            ? program.index(handler.target().get())
                            : Format.NO_TARGET);
        } else if (instruction instanceof Instruction.Fail fail) {
            put(Format.OP_FAIL, null, 0, 0);
            operands(fail.errno());
        } else if (instruction instanceof Instruction.Yield yield) {
            encodeYield(yield);
        } else if (instruction instanceof Instruction.Supervise supervise) {
            put(Format.OP_SUPERVISE, supervise.status(), 0, 0);
            operands(supervise.pid());
        } else if (instruction instanceof Instruction.Exit exit) {
            put(Format.OP_EXIT, null, 0, 0);
            operands(exit.code());
        } else if (instruction instanceof Instruction.Hold) {
            put(Format.OP_HOLD, null, 0, 0);
        } else {
            put(Format.OP_END, null, 0, 0);
        }
    }

    private void encodeCall(Instruction.SystemCall call) {
        int policy = Format.POLICY_FAIL;
        int errnos = 0;
        int target = 0;
        if (call.policy() instanceof Policy.Ignore ignore) {
            policy = Format.POLICY_IGNORE;
            errnos = errnos(ignore.errnos());
        } else if (call.policy() instanceof Policy.Branch branch) {
            policy = Format.POLICY_BRANCH;
            errnos = errnos(branch.errnos());
            target = program.index(branch.target());
        }
        int mode = call.attempts() == Instruction.Attempts.RETRY ? Format.SYSCALL_RETRY : Format.SYSCALL_ONCE;
        head(Format.OP_SYSCALL, call.result().orElse(null), policy, mode);
        out.putShort(at + SYSCALL, call.call().number(machine));
        out.putInt(at + ERRNOS, errnos);
        out.putInt(at + TARGET, target);
        List<Operand> arguments = call.arguments();
        int kinds = 0;
        for (int i = 0; i < arguments.size(); i++) {
            kinds |= operand(i, arguments.get(i));
        }
        out.putShort(at + KINDS, kinds);
    }

    private static int errnos(List<Errno> listed) {
        if (listed.isEmpty()) {
            return Format.ANY_ERRNO;
        }
        if (listed.size() > Integer.BYTES) {
            throw new IllegalArgumentException("a system call's policy lists at most four errors");
        }
        int packed = 0;
        for (int i = 0; i < listed.size(); i++) {
            packed |= listed.get(i).number() << (8 * i);
        }
        return packed;
    }

    private void encodeYield(Instruction.Yield yield) {
        long mask = 0;
        for (Register register : yield.registers()) {
            mask |= 1L << register.number();
        }
        Range none = new Range(new Address(Address.Section.DATA, 0), ZERO);
        Range first = yield.first().orElse(none);
        Range second = yield.second().orElse(none);
        put(Format.OP_YIELD, null, yield.then().ordinal(), 0);
        operands(
                Operand.value(yield.tag()),
                offset(first.place()),
                first.length(),
                offset(second.place()),
                second.length(),
                Operand.value(mask));
    }

    private Operand offset(Address place) {
        return Operand.value(image.offsetOf(place));
    }

    private void put(int op, Register result, int mode, int target) {
        head(op, result, 0, mode);
        out.putInt(at + TARGET, target);
    }

    private void operands(Operand only) {
        out.putShort(at + KINDS, operand(0, only));
    }

    private void operands(Operand first, Operand second) {
        out.putShort(at + KINDS, operand(0, first) | operand(1, second));
    }

    private void operands(Operand... operands) {
        int kinds = 0;
        for (int i = 0; i < operands.length; i++) {
            kinds |= operand(i, operands[i]);
        }
        out.putShort(at + KINDS, kinds);
    }

    private void head(int op, Register result, int policy, int mode) {
        out.putByte(at, op);
        out.putByte(at + RESULT, result == null ? Format.NO_REGISTER : result.number());
        out.putByte(at + POLICY, policy);
        out.putByte(at + MODE, mode);
    }

    /** Writes an operand's number and returns its kind, shifted to its place among the kinds. */
    private int operand(int index, Operand operand) {
        int place = at + OPERANDS + index * Long.BYTES;
        int shift = 2 * index;
        if (operand instanceof Operand.Constant constant) {
            out.putLong(place, constant.value());
            return Format.KIND_CONSTANT << shift;
        }
        if (operand instanceof Register register) {
            out.putByte(place, register.number());
            return Format.KIND_REGISTER << shift;
        }
        out.putInt(place, image.offsetOf((Address) operand));
        return Format.KIND_ADDRESS << shift;
    }
}
