"""The system calls that a Python interpreter needs to compute, and those it needs only with certain arguments.

What is not here is refused: sockets, starting programs and processes, signals to others, tracing, mounts, keys and
whatever kernels to come will have.
"""

from typing import Final

MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""How the kernel names them to a filter."""
NEWEST: Final = 462
"""Calls above are not forbidden but absent, so that libraries try an older way."""

_TABLE: Final = """
name                   x86_64 aarch64
read                   0      63
write                  1      64
readv                  19     65
writev                 20     66
pread64                17     67
close                  3      57
close_range            436    436
fstat                  5      80
newfstatat             262    79
stat                   4      -
lstat                  6      -
statx                  332    291
statfs                 137    43
fstatfs                138    44
lseek                  8      62
access                 21     -
faccessat              269    48
faccessat2             439    439
open                   2      -
openat                 257    56
getcwd                 79     17
readlink               89     -
readlinkat             267    78
getdents               78     -
getdents64             217    61
fadvise64              221    223
umask                  95     166
dup                    32     23
dup2                   33     -
dup3                   292    24
pipe                   22     -
pipe2                  293    59
poll                   7      -
ppoll                  271    73
select                 23     -
pselect6               270    72
epoll_create           213    -
epoll_create1          291    20
epoll_ctl              233    21
epoll_wait             232    -
epoll_pwait            281    22
eventfd2               290    19
mmap                   9      222
mprotect               10     226
munmap                 11     215
mremap                 25     216
madvise                28     233
mincore                27     232
brk                    12     214
membarrier             324    283
futex                  202    98
futex_waitv            449    449
set_robust_list        273    99
get_robust_list        274    100
rseq                   334    293
set_tid_address        218    96
arch_prctl             158    -
rt_sigaction           13     134
rt_sigprocmask         14     135
rt_sigreturn           15     139
rt_sigpending          127    136
rt_sigtimedwait        128    137
rt_sigsuspend          130    133
sigaltstack            131    132
pause                  34     -
alarm                  37     -
setitimer              38     103
getitimer              36     102
restart_syscall        219    128
sched_yield            24     124
sched_getaffinity      204    123
sched_getparam         143    121
sched_getscheduler     145    120
sched_get_priority_max 146    125
sched_get_priority_min 147    126
getcpu                 309    168
gettimeofday           96     169
time                   201    -
times                  100    153
clock_gettime          228    113
clock_getres           229    114
clock_nanosleep        230    115
nanosleep              35     101
getrusage              98     165
getrlimit              97     163
sysinfo                99     179
uname                  63     160
getpid                 39     172
gettid                 186    178
getppid                110    173
getuid                 102    174
geteuid                107    175
getgid                 104    176
getegid                108    177
getresuid              118    148
getresgid              120    150
getgroups              115    158
getrandom              318    278
exit                   60     93
exit_group             231    94
clone                  56     220
clone3                 435    435
fcntl                  72     25
ioctl                  16     29
kill                   62     129
tgkill                 234    131
prlimit64              302    261
"""

CONDITIONAL: Final = ("clone", "clone3", "fcntl", "ioctl", "kill", "tgkill", "prlimit64")
CLONE_THREAD: Final = 0x10000
FCNTL: Final = (0, 1, 2, 3, 4, 1030)
"""Duplicating, and reading and setting flags; not the ones that make the kernel send signals."""
IOCTL: Final = (0x5401, 0x802C542A, 0x5413, 0x5421, 0x5450, 0x5451)
"""Whether this is a terminal and how wide, blocking, and closing on exec."""


def calls_of(machine: str) -> dict[str, int]:
    """Name to number, of those calls that the machine has."""
    header, *rows = (line.split() for line in _TABLE.strip().splitlines())
    column = header.index(machine)
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}
