// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Says why the engine's own file operations failed, in the words of {@link Errno}, which Java hides for some errors.
 */
public final class Failures {

    private Failures() {}

    /** The reason, without the file's name. */
    public static String reason(IOException error) {
        if (error instanceof LinuxException called) {
            return called.reason();
        }
        if (error instanceof FileSystemException named) {
            return reason(named);
        }
        return error.getMessage() == null ? error.toString() : lowerCase(error.getMessage());
    }

    private static String reason(FileSystemException error) {
        if (error instanceof NoSuchFileException) {
            return Errno.ENOENT.message();
        }
        if (error instanceof AccessDeniedException) {
            return Errno.EACCES.message();
        }
        if (error instanceof FileAlreadyExistsException) {
            return Errno.EEXIST.message();
        }
        if (error instanceof NotDirectoryException) {
            return Errno.ENOTDIR.message();
        }
        if (error instanceof DirectoryNotEmptyException) {
            return Errno.ENOTEMPTY.message();
        }
        return lowerCase(error.getReason() == null ? error.getMessage() : error.getReason());
    }

    /** The JDK takes the words of strerror(3) as they are, with a capital letter. */
    private static String lowerCase(String words) {
        return words.isEmpty() ? words : Character.toLowerCase(words.charAt(0)) + words.substring(1);
    }

    /** The file that it is about and the reason. */
    public static String describe(IOException error) {
        return error instanceof FileSystemException known && known.getFile() != null
                ? known.getFile() + ": " + reason(error)
                : reason(error);
    }

    /** Whether it is this error of the kernel's. */
    public static boolean is(IOException error, Errno expected) {
        return expected.message().equals(reason(error));
    }

    /**
     * Whether there is no such file, or no directory that it could be in (ENOENT, ENOTDIR). Any other error leaves that
     * open.
     */
    public static boolean isAbsence(IOException error) {
        return is(error, Errno.ENOENT) || is(error, Errno.ENOTDIR);
    }

    /** Whether nobody can write there (EROFS). */
    public static boolean isReadOnly(IOException error) {
        return is(error, Errno.EROFS);
    }
}
