// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Capability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/status} says of a process, proc_pid_status(5). A process's name, in its first line, has no line
 * breaks.
 *
 * @param text of the file
 */
public record ProcessStatus(String text) {

    /** Of the process that reads it. */
    public static final Path OWN = Path.of("/proc/self/status");

    /**
     * That of this process.
     *
     * @throws IOException if the kernel does not say
     */
    public static ProcessStatus own() throws IOException {
        return new ProcessStatus(KernelFile.read(OWN));
    }

    /**
     * Whether no pid namespace is between the one that this {@code /proc} shows and the process's own, so that its pids
     * there are those of its system calls.
     */
    public boolean hasOnePid() {
        Optional<String> pids = value("NSpid");
        // A kernel without pid namespaces has no such line.
        return pids.isEmpty() || pids.get().indexOf('\t') < 0;
    }

    /** What the line says that begins with {@code name} and a colon; empty if this kernel has none. */
    public Optional<String> value(String name) {
        String key = name + ":";
        int line = text.startsWith(key) ? 0 : text.indexOf("\n" + key) + 1;
        if (line == 0 && !text.startsWith(key)) {
            return Optional.empty();
        }
        int start = line + key.length();
        return Optional.of(text.substring(start, text.indexOf('\n', start)).strip());
    }

    /**
     * The mask of bits that the line of this name is.
     *
     * @throws IOException if the kernel does not say
     */
    public long mask(String name) throws IOException {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            throw new IOException("the status of a process has no " + name);
        }
        return Long.parseUnsignedLong(value.get(), 16);
    }

    /**
     * Whether the set of capabilities of this name, such as {@code CapEff}, has it.
     *
     * @throws IOException if the kernel does not say
     */
    public boolean has(Capability capability, String set) throws IOException {
        return (mask(set) & 1L << capability.ordinal()) != 0;
    }
}
