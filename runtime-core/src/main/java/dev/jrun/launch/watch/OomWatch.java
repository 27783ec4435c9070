// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import dev.jrun.cgroup.controller.OomNotices;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import java.util.Optional;

/** How a watching shim notices every process that is killed for lack of memory. */
sealed interface OomWatch permits LegacyOomWatch, UnifiedOomWatch, OomWatch.None {

    /**
     * The one for a container.
     *
     * @param line what is printed for each kill
     */
    static OomWatch of(Assembler asm, Optional<OomNotices> notices, Reader reader, byte[] line) {
        if (notices.isEmpty()) {
            return new None();
        }
        return notices.get() instanceof OomNotices.Unified unified
                ? new UnifiedOomWatch(asm, unified, reader, line)
                : new LegacyOomWatch(asm, notices.get().directory(), reader, line);
    }

    void begin();

    /** Goes on with what was known before. */
    void resume(KeptWatch kept);

    /** What is to be polled at {@code place}, where a {@code struct pollfd} is. */
    void poll(Address place);

    /** Says what has happened since the last look. */
    void look();

    /** Says it for the last time, when the container has ended; its cgroup may be gone. */
    void lookLast();

    /** Says what it knows for the next call. */
    void say(CallAgain call);

    /** Nobody tells anything. */
    record None() implements OomWatch {
        @Override
        public void begin() {}

        @Override
        public void resume(KeptWatch kept) {}

        @Override
        public void poll(Address place) {}

        @Override
        public void look() {}

        @Override
        public void lookLast() {}

        @Override
        public void say(CallAgain call) {}
    }
}
