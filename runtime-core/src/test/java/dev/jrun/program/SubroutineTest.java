// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static dev.jrun.program.Operand.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.program.Instruction.Condition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubroutineTest {

    /** What of a program has come to pass: the instructions that it took, and the values that a register had. */
    private record Run(int steps, List<Long> values) {}

    private final Assembler asm = new Assembler();
    private final Register counter = asm.register("calls of the subroutine");
    private final Register seen = asm.register("returns");
    private final Subroutine subroutine = new Subroutine(asm, "subroutine");

    private Program calledTimes(int calls) {
        Label failed = asm.label("failed");
        for (int i = 0; i < calls; i++) {
            subroutine.call();
            asm.move(seen, value(i));
        }
        asm.exit(0);
        subroutine.begin();
        asm.compute(counter, counter, Instruction.Operation.ADD, value(1));
        subroutine.end(failed);
        asm.place(failed);
        asm.exit(1);
        return asm.assemble();
    }

    /** Executes what a subroutine is made of, as docs/launch-programs.md has it. */
    private Run run(Program program) {
        Map<Register, Long> registers = new HashMap<>();
        List<Long> values = new ArrayList<>();
        int steps = 0;
        int at = 0;
        while (!(program.instructions().get(at) instanceof Instruction.Exit)) {
            Instruction instruction = program.instructions().get(at);
            at++;
            steps++;
            if (instruction instanceof Instruction.Move move) {
                registers.put(move.result(), number(move.value(), registers));
                if (move.result().equals(seen)) {
                    values.add(number(move.value(), registers));
                }
            } else if (instruction instanceof Instruction.Compute compute) {
                registers.put(compute.result(), number(compute.left(), registers) + number(compute.right(), registers));
            } else if (instruction instanceof Instruction.Branch branch
                    && holds(number(branch.left(), registers), branch.condition(), number(branch.right(), registers))) {
                at = program.index(branch.target());
            }
        }
        return new Run(steps, values);
    }

    private static long number(Operand operand, Map<Register, Long> registers) {
        return operand instanceof Operand.Constant constant
                ? constant.value()
                : registers.getOrDefault((Register) operand, 0L);
    }

    private static boolean holds(long left, Condition condition, long right) {
        return switch (condition) {
            case ALWAYS -> true;
            case EQUAL -> left == right;
            case LESS -> left < right;
            default -> throw new IllegalArgumentException("not expected: " + condition);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 100})
    void eachCallReturnsToWhereItWasMade(int calls) {
        Run run = run(calledTimes(calls));

        assertEquals(IntStream.range(0, calls).asLongStream().boxed().toList(), run.values());
    }

    /** A program may execute 50 million instructions. */
    @Test
    void manyCallsTakeFewStepsEach() {
        Run run = run(calledTimes(10_000));

        assertTrue(run.steps() < 10_000 * 30, run.steps() + " steps");
        assertEquals(10_000, run.values().size());
    }
}
