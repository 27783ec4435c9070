// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.program.Instruction.Policy;
import dev.jrun.program.Instruction.Range;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes a program in the form that the shim reads ({@code docs/launch-programs.md}). */
final class Encoder {

    private static final Operand ZERO = Operand.value(0);

    private final Program program;
    private final Image image;
    private final Machine machine;
    private final ByteBuffer out;

    Encoder(Program program, Machine machine) {
        this.program = program;
        this.image = program.image();
        this.machine = machine;
        int size = Format.HEADER_SIZE
                + program.instructions().size() * Format.INSTRUCTION_SIZE
                + image.relocations().size() * Integer.BYTES
                + image.dataSize();
        this.out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] encode() {
        out.putInt(Format.MAGIC)
                .putInt(program.isRetryable() ? Format.FLAG_RETRYABLE : 0)
                .putInt(program.instructions().size())
                .putInt(image.relocations().size())
                .putInt(image.dataSize())
                .putInt(image.size())
                .putLong(0);
        program.instructions().forEach(this::encode);
        image.relocations().forEach(relocation -> out.putInt(relocation.offset()));
        out.put(image.data());
        return out.array();
    }

    /**
     * The most frequent kinds come first. This is on the way of every call, where a switch over types would be linked at run
     * time, outside of the AOT cache.
     */
    private void encode(Instruction instruction) {
        if (instruction instanceof Instruction.SystemCall call) {
            encodeCall(call);
        } else if (instruction instanceof Instruction.Branch branch) {
            int target = program.index(branch.target());
            put(Format.OP_BRANCH, null, branch.condition().ordinal(), target, branch.left(), branch.right());
        } else if (instruction instanceof Instruction.Move move) {
            put(Format.OP_MOVE, move.result(), 0, move.value());
        } else if (instruction instanceof Instruction.Compute compute) {
            put(Format.OP_ALU, compute.result(), compute.operation().ordinal(), compute.left(), compute.right());
        } else if (instruction instanceof Instruction.Load load) {
            put(Format.OP_LOAD, load.result(), load.width().bytes(), offset(load.place()), load.index());
        } else if (instruction instanceof Instruction.Store store) {
            put(Format.OP_STORE, null, store.width().bytes(), offset(store.place()), store.index(), store.value());
        } else if (instruction instanceof Instruction.FormatDecimal format) {
            put(Format.OP_FORMAT, format.digits().orElse(null), 0, offset(format.place()), ZERO, format.value());
        } else if (instruction instanceof Instruction.OnFail handler) {
            put(
                    Format.OP_ONFAIL,
                    null,
                    0,
                    handler.target().isPresent()
                            ? program.index(handler.target().get())
                            : Format.NO_TARGET);
        } else if (instruction instanceof Instruction.Fail fail) {
            put(Format.OP_FAIL, null, 0, Operand.value(fail.errno().number()));
        } else if (instruction instanceof Instruction.Yield yield) {
            encodeYield(yield);
        } else if (instruction instanceof Instruction.Supervise supervise) {
            put(Format.OP_SUPERVISE, supervise.status(), 0, supervise.pid());
        } else if (instruction instanceof Instruction.Exit exit) {
            put(Format.OP_EXIT, null, 0, exit.code());
        } else {
            put(Format.OP_END, null, 0);
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
        head(Format.OP_SYSCALL, call.result().orElse(null), policy, mode, call.arguments());
        out.putShort((short) call.call().number(machine)).putInt(errnos).putInt(target);
        operands(call.arguments());
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
        put(
                Format.OP_YIELD,
                null,
                yield.then().ordinal(),
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

    private void put(int op, Register result, int mode, Operand... operands) {
        put(op, result, mode, 0, operands);
    }

    private void put(int op, Register result, int mode, int target, Operand... operands) {
        List<Operand> list = List.of(operands);
        head(op, result, 0, mode, list);
        out.putShort((short) 0).putInt(0).putInt(target);
        operands(list);
    }

    private void head(int op, Register result, int policy, int mode, List<Operand> operands) {
        int kinds = 0;
        for (int i = 0; i < operands.size(); i++) {
            kinds |= kind(operands.get(i)) << (2 * i);
        }
        out.put((byte) op)
                .put((byte) (result == null ? Format.NO_REGISTER : result.number()))
                .put((byte) policy)
                .put((byte) mode)
                .putShort((short) kinds);
    }

    private static int kind(Operand operand) {
        if (operand instanceof Operand.Constant) {
            return Format.KIND_CONSTANT;
        }
        return operand instanceof Register ? Format.KIND_REGISTER : Format.KIND_ADDRESS;
    }

    private void operands(List<Operand> operands) {
        for (int i = 0; i < 6; i++) {
            out.putLong(i < operands.size() ? number(operands.get(i)) : 0);
        }
    }

    private long number(Operand operand) {
        if (operand instanceof Operand.Constant constant) {
            return constant.value();
        }
        return operand instanceof Register register ? register.number() : image.offsetOf((Address) operand);
    }
}
