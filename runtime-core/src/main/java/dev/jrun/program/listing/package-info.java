// SPDX-License-Identifier: Apache-2.0
/**
 * Launch programs for people to read: {@link dev.jrun.program.listing.Listing} prints each instruction in the manner of
 * strace(1). Only {@code explain} and tests need it.
 */
package dev.jrun.program.listing;
