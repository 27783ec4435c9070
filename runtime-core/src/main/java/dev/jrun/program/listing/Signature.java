// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.program.Instruction.Width;
import java.util.List;

/** The parameters of a system call, as its manual page names them. */
record Signature(List<Parameter> parameters) {

    Signature {
        parameters = List.copyOf(parameters);
    }

    /** A parameter and how its values are shown. */
    record Parameter(String name, Kind kind) {}

    /** How a value is shown. */
    sealed interface Kind {

        /** A mask of these flags. */
        record Flags(FlagNames names) implements Kind {}

        /** One of these. */
        record Choice(FlagNames names) implements Kind {}

        /** The address of a structure. */
        record Structure(List<Field> fields) implements Kind {
            public Structure {
                fields = List.copyOf(fields);
            }
        }

        /** Everything that needs no more explanation. */
        enum Plain implements Kind {
            /** Decimal, behind the parameter's name. */
            NUMBER,
            /** Decimal, 32 bits with a sign. */
            SIGNED,
            /** A descriptor, or AT_FDCWD. */
            DESCRIPTOR,
            /** Decimal alone: pids, user ids. */
            ID,
            HEX,
            OCTAL,
            /** {@code st_mode}: a file type and permissions. */
            FILE_MODE,
            /** {@code dev_t}. */
            DEVICE,
            SIGNAL,
            CAPABILITY,
            RESOURCE,
            /** Flags of open(2), whose access mode O_RDONLY is no bit. */
            OPEN_FLAGS,
            /** A limit of setrlimit(2), which can be "unlimited". */
            LIMIT,
            /** A mode of set_mempolicy(2) and its flags. */
            MEMORY_POLICY,
            /** The address of a NUL-terminated string. */
            STRING,
            /** The address of a null-terminated table of strings. */
            STRINGS,
            /** The address of bytes whose number is the next argument. */
            BYTES,
            /** The address of {@code u32} numbers; how many is the argument before. */
            NUMBERS,
            /** The address of a set of signals. */
            SIGNAL_SET,
            /** The address of the three sets that capset(2) takes. */
            CAPABILITY_SETS,
            /** The address of memory that the call fills, or that is not taken apart here. */
            PLACE,
            /** In a structure: a string that is part of it. */
            TEXT
        }
    }

    /** Whether a field is shown when it is 0. */
    enum Presence {
        ALWAYS,
        UNLESS_ZERO
    }

    /**
     * A field of a structure.
     *
     * @param offset bytes from the structure's start
     */
    record Field(String name, int offset, Width width, Kind kind, Presence presence) {}
}
