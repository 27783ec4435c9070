// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.program.Instruction.Policy;
import dev.jrun.program.Instruction.Range;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

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

    private void encode(Instruction instruction) {
        switch (instruction) {
            case Instruction.SystemCall call -> encodeCall(call);
            case Instruction.Move(Register result, Operand value) -> put(Format.OP_MOVE, result, 0, value);
            case Instruction.Compute(Register result, Operand left, Instruction.Operation operation, Operand right) ->
                put(Format.OP_ALU, result, operation.ordinal(), left, right);
            case Instruction.Load(Register result, Instruction.Width width, Address place, Operand index) ->
                put(Format.OP_LOAD, result, width.bytes(), offset(place), index);
            case Instruction.Store(Instruction.Width width, Address place, Operand index, Operand value) ->
                put(Format.OP_STORE, null, width.bytes(), offset(place), index, value);
            case Instruction.FormatDecimal(Optional<Register> digits, Address place, Operand value) ->
                put(Format.OP_FORMAT, digits.orElse(null), 0, offset(place), ZERO, value);
            case Instruction.Branch(Operand left, Instruction.Condition condition, Operand right, Label target) ->
                put(Format.OP_BRANCH, null, condition.ordinal(), program.index(target), left, right);
            case Instruction.OnFail(Optional<Label> target) ->
                put(Format.OP_ONFAIL, null, 0, target.map(program::index).orElse(Format.NO_TARGET));
            case Instruction.Yield yield -> encodeYield(yield);
            case Instruction.Supervise(Register status, Operand pid) -> put(Format.OP_SUPERVISE, status, 0, pid);
            case Instruction.Exit(Operand code) -> put(Format.OP_EXIT, null, 0, code);
            case Instruction.End() -> put(Format.OP_END, null, 0);
            case Instruction.Fail(Errno errno) -> put(Format.OP_FAIL, null, 0, Operand.value(errno.number()));
        }
    }

    private void encodeCall(Instruction.SystemCall call) {
        int errnos = switch (call.policy()) {
            case Policy.Fail() -> 0;
            case Policy.Ignore(List<Errno> listed) -> errnos(listed);
            case Policy.Branch(List<Errno> listed, Label target) -> errnos(listed);
        };
        int policy = switch (call.policy()) {
            case Policy.Fail fail -> Format.POLICY_FAIL;
            case Policy.Ignore ignore -> Format.POLICY_IGNORE;
            case Policy.Branch branch -> Format.POLICY_BRANCH;
        };
        int target = call.policy() instanceof Policy.Branch branch ? program.index(branch.target()) : 0;
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
        return switch (operand) {
            case Operand.Constant constant -> Format.KIND_CONSTANT;
            case Register register -> Format.KIND_REGISTER;
            case Address address -> Format.KIND_ADDRESS;
        };
    }

    private void operands(List<Operand> operands) {
        for (int i = 0; i < 6; i++) {
            out.putLong(i < operands.size() ? number(operands.get(i)) : 0);
        }
    }

    private long number(Operand operand) {
        return switch (operand) {
            case Operand.Constant(long value) -> value;
            case Register register -> register.number();
            case Address address -> image.offsetOf(address);
        };
    }
}
