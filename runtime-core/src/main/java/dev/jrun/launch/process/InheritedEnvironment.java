// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.spec.Hook;
import java.util.List;

/**
 * The environment of hooks that name none: that of the runtime for those that are programs of the host, that of the
 * container's process for startContainer hooks, which are the container's. Hooks rely on its PATH, with every other
 * runtime.
 */
public sealed interface InheritedEnvironment {

    /** The table for execve(2). */
    Address table(Assembler asm);

    /** The table for {@code hook}, which has its own if it names one, be it an empty one. */
    default Address of(Hook hook, Assembler asm) {
        return hook.env().isPresent() ? asm.strings(hook.env().get()) : table(asm);
    }

    /** Entries that are known. */
    record Entries(List<String> entries) implements InheritedEnvironment {
        @Override
        public Address table(Assembler asm) {
            return asm.strings(entries);
        }
    }

    /** That of the container's process, with its home directory. */
    record OfProcess(Environment environment) implements InheritedEnvironment {
        @Override
        public Address table(Assembler asm) {
            return environment.table(asm);
        }
    }
}
