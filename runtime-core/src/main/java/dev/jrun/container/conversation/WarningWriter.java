// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import dev.jrun.launch.Announcement;
import dev.jrun.launch.WarningProgram;
import dev.jrun.program.Program;
import java.util.List;
import java.util.Optional;

/** Where and when a caller gets warnings: messages that do not keep a container or a process from being made. */
public interface WarningWriter {

    /** On standard error, at once. */
    WarningWriter STANDARD_ERROR = new WarningWriter() {
        @Override
        public Optional<Program> before(List<String> warnings) {
            return Optional.of(WarningProgram.of(warnings));
        }

        @Override
        public Announcement onSuccess(List<String> warnings) {
            return Announcement.NONE;
        }

        @Override
        public Program afterwards(List<String> warnings) {
            return WarningProgram.of(warnings);
        }
    };

    /**
     * What has the shim say them before the launch, a line each; empty if they are for later. Whoever wants them said
     * otherwise if the launch fails learns of them here.
     */
    Optional<Program> before(List<String> warnings);

    /** What has the launch say them once it has succeeded. */
    Announcement onSuccess(List<String> warnings);

    /** What has the shim say them now: the launch has succeeded long since. */
    Program afterwards(List<String> warnings);
}
