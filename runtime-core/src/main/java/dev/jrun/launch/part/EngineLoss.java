// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a shim does if its engine is gone when a container must be removed: it has another engine remove it. */
public final class EngineLoss {

    private static final String IDLE = "JRUN_ENGINE_IDLE=";

    /** The engine is not to stay: it would be in the container's network namespace, as the shim may be. */
    private static final String NOT_IDLE = IDLE + 0;

    private final Assembler asm;
    private final List<String> command;
    private final List<String> environment;
    private final byte[] notice;

    /**
     * @param command path and arguments of what removes the container
     * @param inherited what hooks that it runs are to inherit
     */
    public EngineLoss(Assembler asm, String id, List<String> command, List<String> inherited) {
        this.asm = asm;
        this.command = command;
        this.environment = environment(inherited);
        this.notice = ("jrun: the engine ended unexpectedly; removing container " + id + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> environment(List<String> inherited) {
        List<String> environment = new ArrayList<>();
        for (String entry : inherited) {
            if (!entry.startsWith(IDLE)) {
                environment.add(entry);
            }
        }
        environment.add(NOT_IDLE);
        return environment;
    }

    /** Runs the command and waits for its end. */
    public void removeContainer() {
        try (var _ = asm.scope()) {
            Register child = asm.register("rescue");
            asm.source(Source.runtime("have another engine remove the container"));
            asm.onFailEnd();
            SignalMask.letEnd(asm);
            asm.call(Syscall.WRITE, value(2), asm.bytes(notice), value(notice.length))
                    .ignoreErrors();
            asm.call(Syscall.CLONE, value(Signal.CHLD.number()), value(0), value(0), value(0), value(0))
                    .into(child)
                    .ignoreErrors();
            try (var _ = asm.when(child, Condition.EQUAL, value(0), "wait for the rescue")) {
                SignalMask.clear(asm).ignoreErrors();
                asm.call(Syscall.EXECVE, asm.string(command.getFirst()), asm.strings(command), asm.strings(environment))
                        .ignoreErrors();
                asm.exit(1);
            }
            asm.call(Syscall.WAIT4, child, value(0), value(0), value(0)).ignoreErrors();
        }
    }
}
