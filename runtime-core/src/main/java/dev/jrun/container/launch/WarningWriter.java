// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.launch.WarningProgram;
import dev.jrun.program.Program;
import java.util.List;

/** Where a caller wants to be told what does not keep a container from being made. */
public interface WarningWriter {

    /** On standard error. */
    WarningWriter STANDARD_ERROR = WarningProgram::of;

    /** The program that has the shim write the warnings, a line each. */
    Program program(List<String> warnings);
}
