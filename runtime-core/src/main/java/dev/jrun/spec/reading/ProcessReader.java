// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Process;

/** Reads the process that {@code exec --process} is given: a document that is a {@code process} of config.json. */
public final class ProcessReader {
    private ProcessReader() {}

    /**
     * Reads a process that is to be run; it must have {@code args}.
     *
     * @param document as of {@link ConfigReader#read}
     */
    public static Reading<Process> read(byte[] document) {
        return Members.read(document, ProcessBinding::processToRun);
    }
}
