// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Statx;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import java.nio.file.Path;
import java.util.List;

/**
 * Identifies the container's cgroups by the inode numbers of their directories, which the engine announces after it has
 * made them. A path may lead to somebody else's by the time it is used.
 */
public final class CgroupIdentity {

    private final Assembler asm;
    private final List<Path> directories;
    private final Address inodes;
    /** How many of the directories were there before the container. */
    private final Address takenOver;

    private final FileStatus status;

    public CgroupIdentity(Assembler asm, CgroupEntry entry) {
        this.asm = asm;
        this.directories = entry.own();
        this.inodes = asm.space(Math.max(1, directories.size()) * Long.BYTES);
        this.takenOver = asm.space(Long.BYTES);
        this.status = new FileStatus(asm);
    }

    /** Says which they are. */
    public List<Patch> patches(Program program, OwnDirectories own) {
        return in(program).patches(own);
    }

    /** Where a program has them. */
    public Place in(Program program) {
        return new Place(directories, program.offset(inodes), program.offset(takenOver));
    }

    /**
     * Where a program has them.
     *
     * @param inodes offset in its image
     * @param takenOver offset in its image
     */
    public record Place(List<Path> directories, int inodes, int takenOver) {

        /** Says which they are. */
        public List<Patch> patches(OwnDirectories own) {
            if (directories.isEmpty()) {
                return List.of();
            }
            long[] numbers = new long[directories.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = own.inode(directories.get(i));
            }
            return List.of(
                    new Patch(inodes, Struct.ofLongs(numbers)), new Patch(takenOver, Struct.ofLongs(own.takenOver())));
        }
    }

    /**
     * Fails with ESTALE if the directory that {@code descriptor} is open on is not the cgroup that {@code path} was.
     */
    public void check(Path path, Register descriptor) {
        status.of(descriptor);
        compare(path);
    }

    /** Fails likewise if {@code path} does not lead to it any more; goes to {@code gone} if it leads nowhere. */
    public void check(Path path, Label gone) {
        status.at(path.toString()).on(gone, Errno.ENOENT);
        compare(path);
    }

    /** Fails likewise, or with ENOENT. */
    public void check(Path path) {
        status.at(path.toString());
        compare(path);
    }

    /** Fails if any was there before the container: the engine knows how to give it back. */
    public void checkWereMade() {
        try (var _ = asm.scope()) {
            Register count = asm.register("cgroups that were there");
            asm.load(count, Width.LONG, takenOver);
            try (var _ = asm.when(count, Condition.NOT_EQUAL, value(0), "all were made")) {
                asm.fail(Errno.EBUSY);
            }
        }
    }

    private void compare(Path path) {
        try (var _ = asm.scope()) {
            Register found = asm.register("inode");
            Register own = asm.register("own inode");
            asm.load(found, Width.LONG, status.field(Statx.INO));
            asm.load(own, Width.LONG, inodes.plus(directories.indexOf(path) * Long.BYTES));
            try (var _ = asm.when(found, Condition.NOT_EQUAL, own, "the container's own")) {
                asm.fail(Errno.ESTALE);
            }
        }
    }
}
