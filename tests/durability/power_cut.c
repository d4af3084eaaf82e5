/* Writes down, in order, all that a process does to the files of one folder, so that a test can
 * rebuild what a disk would hold if the power had failed at any moment. Preloaded (LD_PRELOAD);
 * POWER_CUT_FOLDER names the folder, POWER_CUT_TRACE the file to write to. One record is
 *   op (1 byte)  file (u32)  offset (u64)  length (u64)  then `length` bytes of payload.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096
#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__) = NULL; \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static uint32_t file_of[FILES]; /* by descriptor; 0: not watched */
static uint32_t opened = 0;
static int trace = -1;
static const char *folder = NULL;
static size_t folder_length = 0;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct __attribute__((packed)) head { char op; uint32_t file; uint64_t offset, length; };

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("POWER_CUT_TRACE");
    folder = getenv("POWER_CUT_FOLDER");
    if (!path || !folder) return;
    folder_length = strlen(folder);
    trace = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void record(char op, uint32_t file, uint64_t offset, const void *data, uint64_t length) {
    struct head head = {op, file, offset, length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, length}};
    pthread_mutex_lock(&lock);
    if (writev(trace, parts, 2) != (ssize_t)(sizeof head + length)) abort();
    pthread_mutex_unlock(&lock);
}

static int watched(const char *path) {
    return trace >= 0 && path && !strncmp(path, folder, folder_length)
        && (path[folder_length] == '/' || path[folder_length] == 0);
}

static uint32_t file(int fd) { return fd >= 0 && fd < FILES ? file_of[fd] : 0; }

static void saw_open(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= FILES || !watched(path)) return;
    file_of[fd] = ++opened;
    record('o', opened, 0, path, strlen(path));
    if (flags & O_TRUNC) record('t', opened, 0, NULL, 0);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        REAL(int, #name, const char *, int, ...); \
        int fd = real(path, flags, mode); \
        saw_open(fd, path, flags); \
        return fd; \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(int, "close", int);
    if (fd >= 0 && fd < FILES) file_of[fd] = 0;
    return real(fd);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t length, offset_type offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        ssize_t done = real(fd, data, length, offset); \
        if (done > 0 && file(fd)) record('w', file(fd), offset, data, done); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    off_t offset = file(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real(fd, data, length);
    if (done > 0 && file(fd)) record('w', file(fd), offset, data, done);
    return done;
}

#define TRUNCATE(name, offset_type) \
    int name(int fd, offset_type length) { \
        REAL(int, #name, int, offset_type); \
        int result = real(fd, length); \
        if (!result && file(fd)) record('t', file(fd), length, NULL, 0); \
        return result; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        int result = real(fd); \
        if (!result && file(fd)) record('s', file(fd), 0, NULL, 0); \
        return result; \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    int result = real(path);
    if (!result && watched(path)) record('u', 0, 0, path, strlen(path));
    return result;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    int result = real(from, to);
    if (!result && watched(from)) {
        record('r', 0, 0, from, strlen(from));
        record('R', 0, 0, to, strlen(to));
    }
    return result;
}
