// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.Caller;
import dev.jrun.launch.exec.ProcessProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Program;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The first programs of the last calls that executed a process ({@link ProcessProgram#readAndSeal}), as bytes. They
 * depend only on the words of the call, so calls with the same words, such as probes, have the same program.
 */
public final class KnownReadings {

    private static final int MOST = 16;

    /** Bytes; of a longer one most are the caller's words. */
    private static final int LONGEST = 8192;

    private final Machine machine;
    private final Deque<Known> last = new ArrayDeque<>();

    KnownReadings(Machine machine) {
        this.machine = machine;
    }

    /** What a program was made of. */
    private record Reading(Optional<String> document, Caller caller, int preserved, KernelCalls kernel)
            implements Program.Assembly {

        @Override
        public Program assemble() {
            return ProcessProgram.readAndSeal(document, caller, preserved, kernel);
        }

        /**
         * What generated code would compare is linked when it is first called. The environment and the terminals are
         * not in it.
         */
        boolean isSame(Reading other) {
            return preserved == other.preserved
                    && kernel == other.kernel
                    && document.equals(other.document)
                    && caller.home().equals(other.caller.home())
                    && caller.arguments().equals(other.caller.arguments());
        }
    }

    private record Known(Reading reading, Program.Encoded program) {}

    /** {@link ProcessProgram#readAndSeal}. */
    public Program of(Optional<String> document, Caller caller, int preserved, KernelCalls kernel) {
        var reading = new Reading(document, caller, preserved, kernel);
        Optional<Program.Encoded> known = find(reading);
        if (known.isPresent()) {
            return Program.of(known.get(), reading);
        }
        Program program = reading.assemble();
        keep(new Known(reading, program.encoded(machine)));
        return program;
    }

    private synchronized Optional<Program.Encoded> find(Reading reading) {
        for (Known known : last) {
            if (known.reading.isSame(reading)) {
                return Optional.of(known.program);
            }
        }
        return Optional.empty();
    }

    private synchronized void keep(Known known) {
        if (known.program.length() > LONGEST) {
            return;
        }
        if (last.size() == MOST) {
            last.removeLast();
        }
        last.addFirst(known);
    }
}
