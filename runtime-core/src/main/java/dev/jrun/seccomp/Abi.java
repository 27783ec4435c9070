// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.kernel.Machine;
import dev.jrun.spec.Seccomp.Arch;
import java.util.HashMap;
import java.util.Map;

/**
 * A way of making system calls: a table of numbers, and the width and order of the words in which a filter sees
 * arguments. The constants are those of {@link Arch}, without SCMP_ARCH_.
 */
enum Abi {
    X86(0x4000_0003, Word.SHORT),
    X86_64(0xc000_003e, Word.LONG),
    /** Shares its audit architecture with {@link #X86_64}: bit 30 of the numbers is what tells the two apart. */
    X32(0xc000_003e, Word.SHORT),
    ARM(0x4000_0028, Word.SHORT),
    AARCH64(0xc000_00b7, Word.LONG),
    LOONGARCH64(0xc000_0102, Word.LONG),
    M68K(0x0000_0004, Word.SHORT),
    MIPS(0x0000_0008, Word.SHORT),
    MIPS64(0x8000_0008, Word.LONG),
    MIPS64N32(0xa000_0008, Word.SHORT),
    MIPSEL(0x4000_0008, Word.SHORT),
    MIPSEL64(0xc000_0008, Word.LONG),
    MIPSEL64N32(0xe000_0008, Word.SHORT),
    PPC(0x0000_0014, Word.SHORT),
    PPC64(0x8000_0015, Word.LONG),
    PPC64LE(0xc000_0015, Word.LONG),
    S390(0x0000_0016, Word.SHORT),
    S390X(0x8000_0016, Word.LONG),
    SH(0x4000_002a, Word.SHORT),
    SHEB(0x0000_002a, Word.SHORT),
    PARISC(0x0000_000f, Word.SHORT),
    PARISC64(0x8000_000f, Word.LONG),
    RISCV64(0xc000_00f3, Word.LONG);

    private static final int LITTLE_ENDIAN = 0x4000_0000;

    private enum Word {
        SHORT,
        LONG
    }

    private final int auditArch;
    private final Word word;

    /** Made when first needed: containers without a filter do not pay for it. */
    private volatile Map<String, Integer> numbers;

    Abi(int auditArch, Word word) {
        this.auditArch = auditArch;
        this.word = word;
    }

    static Abi of(Arch arch) {
        return valueOf(arch.name().substring("SCMP_ARCH_".length()));
    }

    static Abi of(Machine machine) {
        return switch (machine) {
            case X86_64 -> X86_64;
            case AARCH64 -> AARCH64;
        };
    }

    /** AUDIT_ARCH_* of {@code linux/audit.h}, which is what a filter sees. */
    int auditArch() {
        return auditArch;
    }

    /** Whether both words of an argument count; otherwise the upper one is not looked at. */
    boolean hasLongArguments() {
        return word == Word.LONG;
    }

    boolean isLittleEndian() {
        return (auditArch & LITTLE_ENDIAN) != 0;
    }

    /** The number of each system call by its name. */
    Map<String, Integer> numbers() {
        Map<String, Integer> known = numbers;
        if (known == null) {
            known = parse(table());
            numbers = known;
        }
        return known;
    }

    private String table() {
        return switch (this) {
            case X86 -> SystemCallNumbers.X86;
            case X86_64 -> SystemCallNumbers.X86_64;
            case X32 -> SystemCallNumbers.X32;
            case ARM -> SystemCallNumbers.ARM;
            case AARCH64 -> SystemCallNumbers.AARCH64;
            case LOONGARCH64 -> SystemCallNumbers.LOONGARCH64;
            case M68K -> SystemCallNumbers.M68K;
            case MIPS, MIPSEL -> SystemCallNumbers.MIPS;
            case MIPS64, MIPSEL64 -> SystemCallNumbers.MIPS64;
            case MIPS64N32, MIPSEL64N32 -> SystemCallNumbers.MIPS64N32;
            case PPC -> SystemCallNumbers.PPC;
            case PPC64, PPC64LE -> SystemCallNumbers.PPC64;
            case S390 -> SystemCallNumbers.S390;
            case S390X -> SystemCallNumbers.S390X;
            case SH, SHEB -> SystemCallNumbers.SH;
            case PARISC -> SystemCallNumbers.PARISC;
            case PARISC64 -> SystemCallNumbers.PARISC64;
            case RISCV64 -> SystemCallNumbers.RISCV64;
        };
    }

    private static Map<String, Integer> parse(String table) {
        Map<String, Integer> numbers = new HashMap<>(1024);
        int start = 0;
        while (start < table.length()) {
            int colon = table.indexOf(':', start);
            int number = 0;
            int end = colon + 1;
            while (end < table.length() && table.charAt(end) > ' ') {
                number = number * 10 + table.charAt(end) - '0';
                end++;
            }
            numbers.put(table.substring(start, colon), number);
            start = end + 1;
        }
        return numbers;
    }
}
